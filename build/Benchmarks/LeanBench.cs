using System.Collections.Immutable;
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
    private const string Lean = "nolock,nocto,actimeo=86400,rsize=1048576";
    private const string Before = "nolock,rsize=65536,wsize=65536";

    private static readonly ImmutableArray<string> Recipes = ["trixie", "trixie-systemd"];

    // What the overlays have so that less is done: each stands in the way of something that Debian's images do.
    private static readonly ImmutableArray<string> LeftOut =
    [
        "etc/default/rcS",
        .. new[]
        {
            "system/systemd-remount-fs.service", "system/systemd-random-seed.service", "system/systemd-journal-flush.service",
            "system-generators/systemd-gpt-auto-generator", "system-generators/systemd-hibernate-resume-generator",
            "system-generators/systemd-tpm2-generator", "system-generators/systemd-system-update-generator",
            "system/modprobe@.service.d/dom0.conf", "system/systemd-modules-load.service.d/dom0.conf",
        }.Select(name => $"etc/systemd/{name}"),
    ];

    /// <inheritdoc/>
    public string Name => "lean";

    /// <inheritdoc/>
    public string Title => "A client's own work at boot";

    /// <inheritdoc/>
    public async Task<BenchSection> RunAsync(BenchBed bed)
    {
        var comparisons = ImmutableArray.CreateBuilder<Comparison>();
        var all = ImmutableArray.CreateBuilder<Measurement>();
        foreach (var recipe in Recipes)
        {
            var boot = await BenchBoot.PrepareAsync(bed, recipe).ConfigureAwait(false);
            (string Name, Action<string> Root, Action<LabFiles> Files)[] kinds =
            [
                ($"{recipe}, as it is", AnswerProbe.Plant, _ => { }),
                ($"{recipe}, as before", root => { AnswerProbe.Plant(root); PutBack(root); }, PutBack),
            ];
            var times = kinds.Select(_ => new List<TimeSpan>()).ToArray();
            for (var round = 0; round < Rounds; round++)
            {
                foreach (var (index, kind) in kinds.Index())
                {
                    bed.Context.Progress.Report($"boot of {kind.Name}, {round + 1} of {Rounds}");
                    var client = (await boot.BootAsync($"lean-{recipe}-{index}", xen: true, 1, kind.Root, kind.Files).ConfigureAwait(false)).Single();
                    times[index].Add(AnswerProbe.Read(client.Console));
                }
            }

            Measurement[] measured = [.. kinds.Select((kind, index) => Measurement.OfWall(kind.Name, times[index]))];
            comparisons.Add(Comparison.Ratio($"{recipe}: as it is / as before", measured[0], measured[1], 0.7));
            all.AddRange(measured);
        }

        return new BenchSection(Title)
        {
            About =
            [
                "One client in QEMU under Xen (BIOS, e1000), by its own clock: from init's start until both the SSH server and `xl info` answer a script that asks each three times a second. "
                    + $"\"As before\" is the same generation whose root is mounted with {Before} in place of {Lean}, and whose init does what a disk-less client has no use for.",
            ],
            Comparisons = comparisons.ToImmutable(),
            Table = Tables.Of([.. all]),
            Versions = PackageVersions.Of("qemu-system-x86", "nfs-ganesha"),
        };
    }

    private static void PutBack(string root)
    {
        foreach (var leftOut in LeftOut.Select(path => Path.Combine(root, path)).Where(File.Exists))
        {
            File.Delete(leftOut);
        }
    }

    private static void PutBack(LabFiles files)
    {
        var menus = Directory.GetFiles(files.TftpArea, "*.conf", SearchOption.AllDirectories).Where(menu => File.ReadAllText(menu).Contains(Lean, StringComparison.Ordinal)).ToList();
        if (menus.Count == 0)
        {
            throw new BuildFailedException(new Diagnostic($"benchmark: no menu mounts the root with '{Lean}'"));
        }

        foreach (var menu in menus)
        {
            File.WriteAllText(menu, File.ReadAllText(menu).Replace(Lean, Before, StringComparison.Ordinal));
        }
    }
}
