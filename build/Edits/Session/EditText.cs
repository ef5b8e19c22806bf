using Dom0Image.Edits.Capture;
using Dom0Image.Edits.Layers;
using Dom0Image.Posix;

namespace Dom0Image.Edits.Session;

/// <summary>What a person in a session is told.</summary>
internal static class EditText
{
    /// <summary>What one is in, and when an edit reaches a client.</summary>
    /// <param name="generation">The generation below the session.</param>
    /// <param name="here">Whether the directory that one came from can be read in it.</param>
    public static string Banner(string generation, bool here)
        => $"""

            This is an edit of {generation}: its root as clients have it, and what you change lies apart. Nothing of it reaches a client yet.
              What you keep reaches each client at its next boot after ./build.sh --target=Republish; those that run go on as they are.
              No service starts here, and this machine itself is out of reach: no modules, clock, reboot, devices, mounts.
              Below /flash is what clients have in RAM: of that, only what starts with content is kept.{(here ? "\n  /run/here is the directory that you came from, to read." : "")}
              A directory of the image that is renamed is copied and deleted: programs that cannot do so say "Invalid cross-device link".
            Leave it by 'exit': you are shown what changed, and asked whether to keep it.

            """;

    /// <summary>What was changed, in three parts, and what of it is not kept.</summary>
    public static string Of(CapturedEdit edit)
    {
        var unkept = edit.Unkept.Select(path => $"  {ByteName.Printable(path.Path)}: {path.Why}").ToList();
        var lines = LayerText.Of(edit.Packages, edit.Settings, edit.Paths)
            .Concat(unkept.Count > 0 ? unkept.Prepend("Not kept:") : [])
            .Concat(edit.Warnings.Select(warning => $"WARNING: {warning}"))
            .Concat(edit.Lost.Select(package => $"WARNING: {package} is in no archive, and its .deb is nowhere in this edit: put it into /root, or it cannot be kept"));
        return string.Join('\n', lines);
    }

    /// <summary>A layer that was kept.</summary>
    public static string Of(Layer layer) => string.Join('\n', LayerText.Of(layer.Packages, layer.Settings, layer.Paths).Prepend($"{Line(layer)}, over {layer.Base}"));

    /// <summary>A layer on one line.</summary>
    public static string Line(Layer layer)
        => $"{layer.Name}  {layer.When:yyyy-MM-dd HH:mm} {layer.Who}: {layer.Why} ({layer.Packages.Added.Length + layer.Packages.Changed.Length} packages, {layer.Paths.Length} paths)";
}
