using Dom0Image.CommandLine;
using Dom0Image.Diagnostics;

namespace Dom0Image.Edits.Session;

/// <summary>What the user wants of an edit, and whether it fits together.</summary>
/// <param name="Line">A line in place of a shell; null for a shell, or for nothing where it is only kept or dropped.</param>
/// <param name="Why">Why it is kept; null where that is not said.</param>
/// <param name="Drop">Whether it is dropped.</param>
/// <param name="Resume">Whether it goes on with one that did not come to its end.</param>
internal sealed record EditCommand(string? Line, string? Why, bool Drop, bool Resume)
{
    /// <summary>Reads it from the command line.</summary>
    /// <exception cref="BuildFailedException">It contradicts itself, or there is nobody to ask.</exception>
    public static EditCommand Of(BuildOptions options)
    {
        var command = new EditCommand(options.Command, options.Keep, options.Drop is not null, options.Resume);
        var problem = command switch
        {
            { Drop: true } when options.Drop!.Length > 0 => new Diagnostic($"--drop={options.Drop} names a layer, and an edit has no name") { Hint = $"--target=Edits --drop={options.Drop} drops that layer." },
            { Drop: true, Why: not null } => new Diagnostic("--keep and --drop are both given") { Expected = "one of them" },
            { Resume: true } when options.Generation is not null => new Diagnostic("--resume and --generation are both given: an edit goes on over the generation that it began over") { Expected = "one of them" },
            { Line: not null, Why: null, Drop: false } when !HasTerminal => new Diagnostic("nobody is there to ask whether what --command changes is kept") { Expected = "--keep=WHY or --drop beside it" },
            { Line: null, Why: null, Drop: false } when !HasTerminal => new Diagnostic("there is no terminal for a shell") { Expected = "--command=LINE with --keep=WHY or --drop" },
            _ => null,
        };
        return problem is null ? command : throw new BuildFailedException(problem);
    }

    /// <summary>Whether it only decides about an edit that did not come to its end.</summary>
    public bool DecidesOnly => Line is null && (Drop || Why is not null);

    /// <summary>Whether a person is there.</summary>
    public static bool HasTerminal => !Console.IsInputRedirected && !Console.IsOutputRedirected;
}
