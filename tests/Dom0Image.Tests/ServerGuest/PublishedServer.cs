using System.Collections.Concurrent;
using System.Diagnostics;
using Dom0Image.BootLab.Steps;
using Dom0Image.Recipes;
using Dom0Image.Posix;
using Dom0Image.Tests.BootLab;

namespace Dom0Image.Tests.ServerGuest;

/// <summary>
/// A fresh Debian server that was taken to its first client by the README's words, once for all tests that go on from there. Brought
/// along are the packages that <c>./build.sh</c> would install, .NET's runtime without the SDK, the checkout with the pipeline
/// compiled, and a store with the base layer, the kernel and the hypervisor: nothing is downloaded or compiled there, all else is
/// done there.
/// </summary>
/// <param name="Image">What it was.</param>
/// <param name="Disk">Its disk, switched off; not to be written to.</param>
/// <param name="Luggage">What it was brought.</param>
/// <param name="Store">The store that it was brought; not to be written to.</param>
/// <param name="Build">What the build said.</param>
/// <param name="Serve">What <c>--target=Serve</c> said.</param>
internal sealed record PublishedServer(GuestImage Image, string Disk, GuestDisk Luggage, GuestDisk Store, string Build, string Serve)
{
    /// <summary>Its site: the example site, with the NFS server that was asked for.</summary>
    public const string Site = "fresh";

    // As the example site has it.
    private static readonly MacAddress Post01 = MacAddress.Parse("52-54-00-00-01-01");

    private static readonly ConcurrentDictionary<(string Suite, string NfsServer), Lazy<Task<PublishedServer>>> Made = new();

    /// <summary>Gives it.</summary>
    /// <param name="suite">Such as <c>bookworm</c>.</param>
    /// <param name="nfsServer">As sites name it.</param>
    public static Task<PublishedServer> GetAsync(string suite, string nfsServer)
        => Made.GetOrAdd((suite, nfsServer), _ => new Lazy<Task<PublishedServer>>(() => MakeAsync(suite, nfsServer))).Value;

    /// <summary>Switches a copy of it on.</summary>
    public async Task<GuestMachine> SwitchOnAsync(GuestLab lab)
        => await lab.SwitchOnAsync(
            Image,
            await GuestLab.OverlayAsync(Disk, "qcow2", Path.Combine(lab.Directory, "system.qcow2")),
            Luggage,
            await GuestLab.OverlayAsync(Store.File, "raw", Path.Combine(lab.Directory, "store.qcow2")) with { Name = Store.Name });

    /// <summary>Runs the pipeline for its site.</summary>
    public static Task<GuestResult> BuildAsync(GuestMachine guest, params string[] options)
        => guest.TryAsync([$"{GuestLuggage.Checkout}/build.sh", $"--site={Site}", .. options]);

    /// <summary>Boots post01 from it, which must come to its log-in.</summary>
    public static async Task<BootCourse> BootClientAsync(GuestLab lab, GuestMachine guest)
    {
        await using var client = await lab.SwitchOnClientAsync(0, Post01);
        // Two machines are translated at once.
        var course = await BootWatch.FollowAsync(client, BootStepSigns.For(xen: true), 2 * LoadAverage.Slowness(), _ => { }, CancellationToken.None);
        if (course.Failure is { } failure)
        {
            Assert.Fail($"{failure}\n{string.Join('\n', failure.LastLines)}\n{(await guest.TryAsync("journalctl", "-b", "-n", "60", "--no-pager")).Output}");
        }

        Assert.That(client.Console.Lines.Select(l => l.Text).Where(l => l.Contains("FAILED", StringComparison.Ordinal)), Is.Empty, "the domains' disks are mounted, among others");
        return course;
    }

    private static async Task<PublishedServer> MakeAsync(string suite, string nfsServer)
    {
        var watch = Stopwatch.StartNew();
        void Tell(string what) => TestContext.Progress.WriteLine($"[{watch.Elapsed.TotalSeconds,6:F1} s] {suite}, {nfsServer}: {what}");

        var image = await GuestImage.GetAsync(suite);
        var kept = GuestLab.Keep($"{suite}-{nfsServer}");
        await using var lab = await GuestLab.StartAsync(clients: 1);
        var luggage = await GuestLuggage.PackAsync(kept, GuestLab.Context);
        var made = GuestStore.IsThisMachines(suite)
            ? (await BuiltGeneration.GetAsync()).Context.Store
            : await GuestStore.MakeAsync(suite, image, luggage, GuestLab.Context);
        Tell("a store");
        var store = await GuestLuggage.PackStoreAsync(kept, made, GuestLab.Context);
        var disk = Path.Combine(kept, "disk.qcow2");
        await using var guest = await lab.SwitchOnAsync(image, await GuestLab.OverlayAsync(image.Disk, "raw", disk), luggage, store);
        Tell("up");
        await GuestLuggage.UnpackAsync(guest);
        await guest.ScriptAsync($"cd {GuestLuggage.Checkout}/recipes/sites; sed 's/^boot-server:.*/&\\nnfs-server: {nfsServer}/' example.yaml >{Site}.yaml");
        if (nfsServer == "kernel")
        {
            await GuestPackages.InstallAsync(guest, suite, "nfs-kernel-server");
        }

        Tell("unpacked");
        var build = (await BuildAsync(guest, "--boot-test=no")).Succeeded();
        Tell(build);
        var serve = (await BuildAsync(guest, "--target=Serve", "--yes")).Succeeded();
        Tell(serve);
        var course = await BootClientAsync(lab, guest);
        Tell($"client: {string.Join(", ", course.Reached.Select(r => $"{r.Key} {r.Value.TotalSeconds:F0}"))}");
        await guest.ShutDownAsync();
        Tell("off");
        return new PublishedServer(image, disk, luggage, store, build, serve);
    }
}
