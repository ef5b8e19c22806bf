using System.Collections.Immutable;
using Dom0Image.BootLab;
using Dom0Image.Diagnostics;
using Dom0Image.RootFs.RamTree;

namespace Dom0Image.Benchmarks;

/// <summary>Booted clients with our RAM-tree init, with the way of 2008, and with none.</summary>
internal sealed class InitBench : IBenchmark
{
    private const int Rounds = 2;
    private const string None = "none";
    private const string Script = "etc/init.d/" + RamTreeScripts.RamTree;

    /// <inheritdoc/>
    public string Name => "init";

    /// <inheritdoc/>
    public string Title => "RAM-tree init in a booted client";

    /// <inheritdoc/>
    public async Task<BenchSection> RunAsync(BenchBed bed)
    {
        var boot = await BenchBoot.PrepareAsync(bed).ConfigureAwait(false);
        var flash = (await bed.PlanAsync(bed.RecipeName).ConfigureAwait(false)).Recipe.Flash;
        ImmutableArray<(string Name, Action<string>? Change)> kinds =
        [
            ("ours", null),
            ("the Howto's way", root => File.WriteAllText(Path.Combine(root, Script), HowtoRamTree.Script(flash, root))),
            (None, root => File.WriteAllText(Path.Combine(root, Script), HowtoRamTree.Nothing)),
        ];
        async Task<BenchedClient?> BootAsync(int index)
        {
            try
            {
                return (await boot.BootAsync($"init-{index}", xen: false, 1, kinds[index].Change is { } change ? new LabChanges { Root = change } : null).ConfigureAwait(false)).Single();
            }
            catch (BuildFailedException problem) when (kinds[index].Name == None)
            {
                // Nothing says that such a client must come up.
                bed.Context.Progress.Warn($"a client without a RAM tree: {problem.Message}");
                return null;
            }
        }

        var runs = await Turns.RunAsync(Rounds, bed.Tell, [.. kinds.Select((kind, index) => ($"boot with init: {kind.Name}", (Func<Task<BenchedClient?>>)(() => BootAsync(index))))]).ConfigureAwait(false);
        ImmutableArray<ImmutableArray<BenchedClient>> boots = [.. runs.Select(run => run.OfType<BenchedClient>().ToImmutableArray())];
        ImmutableArray<Measurement> trees = [.. kinds.Select((k, i) => Measurement.OfWall($"RAM tree, {k.Name}", boots[i].Select(b => b.RamTree)))];
        ImmutableArray<Measurement> logins = [.. kinds.Where((_, i) => !boots[i].IsEmpty).Select((k, i) => Measurement.OfWall($"kernel start to login, {k.Name}", boots[i].Select(b => b.KernelToLogin)))];
        return new BenchSection(Title)
        {
            About =
            [
                "One client in QEMU (BIOS, plain kernel, e1000) boots the published generation from the lab's real servers; only its RAM-tree script differs. The Howto's way "
                    + "runs mkdir, chmod and, where it is not root's, chown for each directory and cp for content; its other work (device nodes, the pause at the end) is left out. "
                    + "\"None\" ends at once: such a client gets a prompt and cannot write anything. The RAM tree is timed by the script's own marks on the client's clock, in steps of 10 ms. Boots of one kind differ by seconds, so that the times to the log-in only bound the difference.",
            ],
            Comparisons =
            [
                Comparison.Ratio("RAM tree, ours / the Howto's way", trees[0], trees[1], 0.25),
                Comparison.Ratio("kernel start to login, ours / the Howto's way", logins[0], logins[1], null),
                .. logins.Skip(2).Select(none => Comparison.Time("kernel start to login, ours less none", logins[0].Wall - none.Wall, null)),
            ],
            Table = Tables.Of([.. trees[..2], .. logins]),
            Versions = PackageVersions.Of("qemu-system-x86", "nfs-ganesha"),
        };
    }
}
