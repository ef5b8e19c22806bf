namespace Dom0Image.CommandLine;

/// <summary>What <c>--help</c> adds to Cake's own text.</summary>
internal static class HelpText
{
    /// <summary>Whether the user asks for help.</summary>
    public static bool IsAskedFor(IEnumerable<string> args) => args.Any(a => a is "--help" or "-h" or "-?");

    /// <summary>The options of this project.</summary>
    public static string Text => "\nOPTIONS OF THIS PROJECT:\n" + string.Concat(OptionTable.Options.Select(
        o => $"        {$"--{o.Name}={o.Value}",-22}  {o.Description}\n"));
}
