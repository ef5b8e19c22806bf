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
        + "    ./build.sh --target=Edit                        opens what hosts boot, to be changed like a running system\n"
        + "    ./build.sh --target=Republish                   publishes what hosts boot now again, with the edits that are kept\n"
        + "    ./build.sh --target=Rollback --site=NAME        goes back to the generation before, and holds it\n"
        + "    ./build.sh --target=Serve --site=NAME           on the boot server: starts its servers, and asks each\n"
        + "    ./build.sh --target=Status --site=NAME          how things stand, and what comes next\n"
        + "    ./build.sh --target=Diff --output=diff.html     what the newest generation changes\n"
        + "    ./build.sh --description                        all targets\n"
        + "\nOPTIONS OF THIS PROJECT:\n" + string.Concat(OptionTable.Options.Select(
        o => $"        {o.Usage,-22}  {o.Description}\n"));
}
