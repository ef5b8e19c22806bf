using Dom0Image.Boot;
using Dom0Image.Generations;
using Dom0Image.Recipes;

namespace Dom0Image.BootLab;

/// <summary>What a lab boots, and for whom.</summary>
internal record LabSubject
{
    /// <summary>Where it will be served.</summary>
    public required Site Site { get; init; }

    /// <summary>What the image is.</summary>
    public required Recipe Recipe { get; init; }

    /// <summary>The generation on disk, finished; published or not. It is only read.</summary>
    public required GenerationTree Generation { get; init; }

    /// <summary>The generation as menus name it.</summary>
    public required GenerationBoot Boot { get; init; }

    /// <summary>Gets the report and all logs; is made when it is not there.</summary>
    public required string ReportDirectory { get; init; }

    /// <summary>Factor for the time limits of steps, on top of what the number of clients asks for.</summary>
    public double Patience { get; init; } = 1;
}
