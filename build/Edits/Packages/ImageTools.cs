using System.Globalization;
using Dom0Image.Processes;
using Dom0Image.Store;

namespace Dom0Image.Edits.Packages;

/// <summary>Runs tools of an image in its own tree: in namespaces that end with them, without a network, and with nothing of this machine's but the tree.</summary>
/// <param name="root">The tree; absolute.</param>
/// <param name="date">What tools are told that note the time.</param>
/// <param name="context">Log and cancellation.</param>
internal sealed class ImageTools(string root, DateTimeOffset date, StageContext context)
{
    /// <summary>The script that runs them.</summary>
    internal static string Script => EmbeddedText.Of("Edits/devices.sh") + EmbeddedText.Of("Edits/in-image.sh");

    /// <summary>A directory of this machine that they find as <c>/run/packages</c>; empty for none.</summary>
    public string Packages { get; init; } = "";

    /// <summary>Runs one.</summary>
    /// <param name="input">Its standard input; null for none.</param>
    /// <param name="program">Name of the program.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <exception cref="Diagnostics.ToolFailedException">It failed.</exception>
    public Task<ToolResult> RunAsync(string? input, string program, params string[] arguments)
        => context.RunAsync(IsolatedScript.CommandWithoutNetwork(Script, [root, Packages, date.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture), program, .. arguments]) with { StandardInput = input ?? "" });
}
