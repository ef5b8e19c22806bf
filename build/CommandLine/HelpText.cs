namespace Dom0Image.CommandLine;

/// <summary>What <c>--help</c> adds to Cake's own text.</summary>
internal static class HelpText
{
    /// <summary>Whether the user asks for help.</summary>
    public static bool IsAskedFor(IEnumerable<string> args) => args.Any(a => a is "--help" or "-h" or "-?");

    /// <summary>The options of this project.</summary>
    public static string Text => "\nEXAMPLES:\n"
        + "    ./build.sh                                      builds, boots and publishes the default recipe\n"
        + "    ./build.sh --prefix=/srv/trial --boot-test=no   the same in a place of its own, not booted\n"
        + "    ./build.sh --target=BootFiles --site=NAME       menus and server files alone, for the current generation\n"
        + "    ./build.sh --target=BootFiles --generation=ID   goes back to an older generation\n"
        + "    ./build.sh --target=Republish                   publishes what hosts boot now again, with the edits that are kept\n"
        + "    ./build.sh --target=Serve --site=NAME           on the boot server: starts its servers, and asks each\n"
        + "    ./build.sh --description                        all targets\n"
        + "\nOPTIONS OF THIS PROJECT:\n" + string.Concat(OptionTable.Options.Select(
        o => $"        {o.Usage,-22}  {o.Description}\n"));
}
