using System.Collections.Immutable;
using System.Globalization;

namespace Dom0Image.Benchmarks;

/// <summary>What goes over NFS when clients boot at once.</summary>
internal sealed class NfsBench : IBenchmark
{
    private static readonly ImmutableArray<int> Numbers = [1, 3, 6];

    /// <inheritdoc/>
    public string Name => "nfs";

    /// <inheritdoc/>
    public string Title => "NFS traffic of booting clients";

    /// <inheritdoc/>
    public async Task<BenchSection> RunAsync(BenchBed bed)
    {
        var boot = await BenchBoot.PrepareAsync(bed).ConfigureAwait(false);
        var xen = (await bed.PlanAsync(bed.RecipeName).ConfigureAwait(false)).Recipe.Hypervisor is not null;
        var loads = ImmutableArray.CreateBuilder<(int Number, ImmutableArray<BenchedClient> Clients)>();
        foreach (var number in Numbers)
        {
            bed.Context.Progress.Report($"booting {number} clients at once");
            loads.Add((number, await boot.BootAsync(string.Create(CultureInfo.InvariantCulture, $"nfs-{number}"), xen, number).ConfigureAwait(false)));
        }

        return new BenchSection(Title)
        {
            About = [$"Bytes of IP packets between NFS server and clients, both ways, up to the log-in prompt{(xen ? " of dom0 under Xen" : "")}; all clients are switched on together and share this machine's processors."],
            Comparisons = xen ? [Comparison.Time("power-on to the log-in under Xen, one client", loads[0].Clients[0].PowerToLogin, 120)] : [],
            Table =
            [
                "| clients | NFS, all | NFS, each | power-on to login, each |",
                "| --- | --- | --- | --- |",
                .. loads.Select(l => string.Create(
                    CultureInfo.InvariantCulture,
                    $"| {l.Number} | {l.Clients.Sum(c => c.NfsBytes) / 1e6:F1} MB | {l.Clients.Average(c => c.NfsBytes) / 1e6:F1} MB | {Tables.Each(l.Clients.Select(c => c.PowerToLogin))} s |")),
            ],
            Versions = PackageVersions.Of("qemu-system-x86", "nfs-ganesha"),
        };
    }
}
