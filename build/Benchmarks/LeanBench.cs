using System.Collections.Immutable;
using Dom0Image.Boot;
using Dom0Image.BootLab;
using Dom0Image.Diagnostics;

namespace Dom0Image.Benchmarks;

/// <summary>
/// How soon a client works: as it boots now, and with the mount options and the work for disks that were left out put back, under
/// both inits.
/// </summary>
internal sealed class LeanBench : IBenchmark
{
    private const int Rounds = 3;
    private const string Before = "vers=3,tcp,nolock,rsize=65536,wsize=65536";

    // Recipes, and what their overlays have so that less is done: each stands in the way of something that Debian's images do.
    private static readonly ImmutableArray<(string Recipe, ImmutableArray<string> LeftOut)> Recipes =
    [
        ("trixie", ["etc/default/rcS"]),
        ("trixie-systemd",
        [
            .. new[]
            {
                "system/systemd-remount-fs.service", "system/systemd-random-seed.service", "system/systemd-journal-flush.service",
                "system/systemd-tmpfiles-setup-dev-early.service", "system/systemd-udev-load-credentials.service",
                "system/dev-mqueue.mount", "system/getty-static.service",
                "system-generators/systemd-gpt-auto-generator", "system-generators/systemd-hibernate-resume-generator",
                "system-generators/systemd-tpm2-generator", "system-generators/systemd-system-update-generator",
                "system-generators/systemd-ssh-generator",
                "system/modprobe@.service.d/dom0.conf", "system/systemd-modules-load.service.d/dom0.conf",
                "system/systemd-udev-trigger.service.d/dom0.conf",
                "system/dom0-lease.service.d/late.conf", "system/dom0-present.service.d/late.conf",
            }.Select(name => $"etc/systemd/{name}"),
            "usr/lib/systemd/system/sysinit.target.wants/dom0-coldplug.service",
            "usr/lib/systemd/system/multi-user.target.wants/dom0-coldplug-rest.service",
        ]),
    ];

    /// <inheritdoc/>
    public string Name => "lean";

    /// <inheritdoc/>
    public string Title => "A client's own work at boot";

    /// <inheritdoc/>
    public async Task<BenchSection> RunAsync(BenchBed bed)
    {
        var pairs = ImmutableArray.CreateBuilder<(string Recipe, Measurement Now, Measurement Before)>();
        foreach (var (recipe, leftOut) in Recipes)
        {
            var boot = await BenchBoot.PrepareAsync(bed, recipe).ConfigureAwait(false);
            async Task<TimeSpan> BootAsync(string name, Action<string> root, Action<LabFiles> files)
                => AnswerProbe.Read((await boot.BootAsync(name, xen: true, 1, new LabChanges { Root = root, Files = files }).ConfigureAwait(false)).Single().Console);

            (string Name, Func<Task<TimeSpan>> Run)[] kinds =
            [
                ($"{recipe}, as it is", () => BootAsync($"lean-{recipe}", AnswerProbe.Plant, _ => { })),
                ($"{recipe}, as before", () => BootAsync($"lean-{recipe}-before", root => { AnswerProbe.Plant(root); PutBack(root, leftOut); }, PutBack)),
            ];
            var times = await Turns.RunAsync(Rounds, bed.Tell, kinds).ConfigureAwait(false);
            pairs.Add((recipe, Measurement.OfWall(kinds[0].Name, times[0]), Measurement.OfWall(kinds[1].Name, times[1])));
        }

        return new BenchSection(Title)
        {
            About =
            [
                "One client in QEMU under Xen (BIOS, e1000), by its own clock: from init's start until the SSH server and then `xl info` have answered a script that asks about three times a second. "
                    + $"\"As before\" is the same generation whose root is mounted with {Before} in place of {ProfileCommandLines.NfsOptions}, and whose init does what a disk-less client has no use for.",
            ],
            Comparisons = [.. pairs.Select(pair => Comparison.Ratio($"{pair.Recipe}: as it is / as before", pair.Now, pair.Before, 0.7))],
            Table = Tables.Of([.. pairs.SelectMany(pair => new[] { pair.Now, pair.Before })]),
            Versions = PackageVersions.Of("qemu-system-x86", "nfs-ganesha"),
        };
    }

    // File.Delete says nothing of what is not there, and both kinds would be the same.
    private static void PutBack(string root, ImmutableArray<string> leftOut)
    {
        foreach (var path in leftOut.Select(path => Path.Combine(root, path)))
        {
            if (!File.Exists(path))
            {
                throw new BuildFailedException(new Diagnostic($"benchmark: the image has no '{path}' that could be put back"));
            }

            File.Delete(path);
        }
    }

    private static void PutBack(LabFiles files)
    {
        var menus = Directory.GetFiles(files.TftpArea, "*.conf", SearchOption.AllDirectories).Select(menu => (Path: menu, Text: File.ReadAllText(menu)))
            .Where(menu => menu.Text.Contains(ProfileCommandLines.NfsOptions, StringComparison.Ordinal)).ToList();
        if (menus.Count == 0)
        {
            throw new BuildFailedException(new Diagnostic($"benchmark: no menu mounts the root with '{ProfileCommandLines.NfsOptions}'"));
        }

        menus.ForEach(menu => File.WriteAllText(menu.Path, menu.Text.Replace(ProfileCommandLines.NfsOptions, Before, StringComparison.Ordinal)));
    }
}
