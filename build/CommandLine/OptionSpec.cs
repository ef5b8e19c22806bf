namespace Dom0Image.CommandLine;

/// <summary>An option of the command line: one row of the help, and how its value is taken.</summary>
/// <param name="Name">Without dashes.</param>
/// <param name="Value">Stands for the value in the help; empty for an option that has none.</param>
/// <param name="Description">One line for the help.</param>
/// <param name="Apply">Takes a value, which is empty only where it may stand alone; throws <see cref="FormatException"/> naming what was expected.</param>
internal sealed record OptionSpec(string Name, string Value, string Description, Func<BuildOptions, string, BuildOptions> Apply)
{
    /// <summary>Whether it stands alone, without a value.</summary>
    public bool IsFlag => Value.Length == 0;

    /// <summary>Whether it may stand alone, and may have a value: which of the two is right is the target's to say.</summary>
    public bool MayStandAlone { get; init; }

    /// <summary>As a user types it.</summary>
    public string Usage => IsFlag ? $"--{Name}" : MayStandAlone ? $"--{Name}[={Value}]" : $"--{Name}={Value}";

    /// <summary>An option that is given or not, and has no value.</summary>
    public static OptionSpec Flag(string name, string description, Func<BuildOptions, BuildOptions> apply) => new(name, "", description, (o, _) => apply(o));
}
