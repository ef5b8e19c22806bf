using System.Collections.Immutable;
using Dom0Image.Posix;
using Dom0Image.Processes;
using Dom0Image.Store;

namespace Dom0Image.Edits.Session;

/// <summary>What is started for a session: a shell, or a line of the user's own, in namespaces and without the rights of this machine's root.</summary>
/// <param name="folder">The session.</param>
/// <param name="lower">The generation's root.</param>
/// <param name="temporary">Where its own <c>/tmp</c> goes.</param>
/// <param name="archives">Archives on this machine's disk.</param>
internal sealed class SessionCommand(SessionFolder folder, string lower, string temporary, ImmutableArray<string> archives)
{
    // As many letters as a host's name may have.
    private const int LongestName = 64;

    /// <summary>What to look at when its mounts cannot be made.</summary>
    public const string Hint = "/var/lib/dom0image, below the prefix, must lie on a file system that can be the upper one of an overlay, such as ext4 or XFS.";

    /// <summary>Where the user came from, for what is to be brought in; empty where more than that would be seen.</summary>
    public string Here { get; } = HereOf(folder);

    /// <summary>A shell at the terminal. In the terminal's own process group, so that it is told of the window's size; script(1) makes it a session inside.</summary>
    public ToolCommand Shell() => Command("shell", "") is var command ? command with { Isolation = command.Isolation! with { Between = [] } } : command;

    /// <summary>A line for the image's shell. It is a word of its own all the way there.</summary>
    public ToolCommand Line(string line) => Command("line", line);

    private static string HereOf(SessionFolder folder)
    {
        var here = Environment.CurrentDirectory;
        return here == "/" || folder.Path.StartsWith($"{here}/", StringComparison.Ordinal) || MountTable.Below(here).Count > 0 ? "" : here;
    }

    private ToolCommand Command(string how, string line)
    {
        var name = folder.Facts().Base;
        return IsolatedScript.SessionCommand(
            EmbeddedText.Of("Edits/devices.sh") + EmbeddedText.Of("Edits/session.sh"),
            [lower, folder.Path, Here, $"edit-{name}"[..Math.Min(LongestName, name.Length + 5)].Replace('.', '-'), temporary, $"edit of {name}", how, line, .. archives]) with
        {
            WorkingDirectory = folder.Path,
            Hint = Hint,
        };
    }
}
