namespace Dom0Image.CommandLine;

/// <summary>An option of the command line: one row of the help, and how its value is taken.</summary>
/// <param name="Name">Without dashes.</param>
/// <param name="Value">Stands for the value in the help.</param>
/// <param name="Description">One line for the help.</param>
/// <param name="Apply">Takes a value that is not empty; throws <see cref="FormatException"/> naming what was expected.</param>
internal sealed record OptionSpec(string Name, string Value, string Description, Func<BuildOptions, string, BuildOptions> Apply);
