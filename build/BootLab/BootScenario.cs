using Dom0Image.BootLab.Clients;

namespace Dom0Image.BootLab;

/// <summary>One way in which a lab's clients boot.</summary>
/// <param name="Name">For reports and file names.</param>
/// <param name="Hardware">What the clients are made of.</param>
/// <param name="Xen">Whether they boot a profile under Xen, or the plain kernel.</param>
internal sealed record BootScenario(string Name, ClientHardware Hardware, bool Xen)
{
    /// <summary>How many clients boot at once.</summary>
    public int Clients { get; init; } = 1;

    /// <summary>Whether a guest is started on the first client and stopped again. Only under Xen.</summary>
    public bool DomU { get; init; }

    /// <summary>Whether they go through the daily server's menu and its password first.</summary>
    public bool ThroughDailyMenu { get; init; }

    /// <summary>Profile of the site to boot; null for the first that fits.</summary>
    public string? Profile { get; init; }
}
