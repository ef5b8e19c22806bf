namespace Dom0Image.CommandLine;

/// <summary>An option of the command line: one row of the help, and how its value is taken.</summary>
/// <param name="Name">Without dashes.</param>
/// <param name="Value">Stands for the value in the help.</param>
/// <param name="Description">One line for the help.</param>
/// <param name="Apply">Takes a value that is not empty; throws <see cref="FormatException"/> naming what was expected.</param>
internal sealed record OptionSpec(string Name, string Value, string Description, Func<BuildOptions, string, BuildOptions> Apply)
{
    /// <summary>As a person types it.</summary>
    public string Usage => IsFlag ? $"--{Name}" : $"--{Name}={Value}";

    /// <summary>Whether it takes no value.</summary>
    public bool IsFlag => Value.Length == 0;

    /// <summary>One without a value.</summary>
    public static OptionSpec Flag(string name, string description, Func<BuildOptions, BuildOptions> apply) => new(name, "", description, (options, _) => apply(options));
}
