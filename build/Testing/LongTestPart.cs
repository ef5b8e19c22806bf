using System.Collections.Immutable;
using Dom0Image.Diagnostics;

namespace Dom0Image.Testing;

/// <summary>
/// A part of the tests that take too long for every run: half an hour at most. Its tests have the category
/// <c>Long_NAME</c>, with underscores; each has a shorter relative, for the same kind of fault, among those that always run.
/// </summary>
/// <param name="Name">As <c>--filter</c> takes it.</param>
/// <param name="About">What it shows, in a few words.</param>
internal sealed record LongTestPart(string Name, string About)
{
    /// <summary>What the categories of all long tests begin with.</summary>
    public const string CategoryStart = "Long_";

    /// <summary>All parts, in the order in which they run and stand on the page. A new part is a new row here.</summary>
    public static ImmutableArray<LongTestPart> All { get; } =
    [
        new("fresh-server-13", "a fresh Debian 13 server, from the README's words to a client's log-in, and again after a restart; the store that it is brought is made by its own tools"),
        new("fresh-server-kernel", "a fresh Debian 12 server with the kernel's NFS server, from the README's words to a client's log-in, and again after a restart"),
        new("server-guest", "Debian 12 and 13 as server guests: commands, a reboot, a shutdown; what a power cut leaves"),
        new("server-storage", "an image file that is gone at boot, with either NFS server; growth under clients, and a full disk"),
        new("kernel-exports", "5,000 hosts more let in by the kernel's NFS server while another one reads"),
        new("interrupted-move", "power cuts in the middle of a move, with every other of the disk's last writes kept"),
        new("interrupted-move-2", "the same with none of them kept, and with all"),
        new("recompiled", "the program with one line changed in each step that shapes an image: another generation, or another base layer"),
        new("checks-systemd", "each check of the boot test sees its fault, under systemd"),
        new("imgs", "boot test and write audit with images of domUs read-only, and with none"),
        new("disk-lock", "a domain's disk and two dom0s that want it: refused, handed over, and what becomes of it when a client dies or stands still"),
        new("client-network", "a client with two cards whose root comes over the right one, or stops with words; an address of a range that is kept as long as its lease is renewed"),
        new("idle-client", "a client that does nothing: its server sees that it runs, and would not if it said nothing"),
        new("microcode", "microcode fetched and handed over, in the words of the hypervisor and of the plain kernel"),
        new("write-audit", "what a database and five other services write: one audit, one --apply, one passing boot test, under both inits"),
    ];

    /// <summary>The category of its tests; NUnit takes no dashes.</summary>
    public string Category => CategoryStart + Name.Replace('-', '_');

    /// <summary>Its tests, for the runner.</summary>
    public TestGroup Group => new(Category, $"TestCategory={Category}");

    /// <summary>Those that the user named.</summary>
    /// <param name="filter">Names with commas between; null for all.</param>
    /// <exception cref="BuildFailedException">There is none of such a name.</exception>
    public static ImmutableArray<LongTestPart> Chosen(string? filter) => NamedPart.Chosen("part of the long tests", All, part => part.Name, filter);
}
