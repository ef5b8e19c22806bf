using System.Collections.Immutable;
using Dom0Image.Processes;

namespace Dom0Image.Boot.Servers;

/// <summary>A server as the init systems of Debian know it.</summary>
/// <param name="Name">Its package, and its script below <c>/etc/init.d</c>.</param>
/// <param name="Units">Its units under systemd; the first is the server itself.</param>
internal sealed record Service(string Name, ImmutableArray<string> Units)
{
    /// <summary>How it is started where Debian has no script for it; null where it has.</summary>
    public BareStart? WithoutScript { get; init; }

    /// <summary>Its unit under systemd.</summary>
    public string Unit => Units[0];

    /// <summary>Its System V script.</summary>
    public string Script => $"/etc/init.d/{Name}";
}

/// <summary>The start of a server that Debian starts under systemd only.</summary>
/// <param name="Command">Starts it, in the background.</param>
/// <param name="Directory">What it needs below <c>/run</c>.</param>
/// <param name="Instead">What a site may have in its place.</param>
internal sealed record BareStart(ToolCommand Command, string Directory, string Instead);
