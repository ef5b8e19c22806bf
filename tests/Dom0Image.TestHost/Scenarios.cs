using System.Collections.Immutable;
using Dom0Image.Archive;
using Dom0Image.BaseLayer;
using Dom0Image.Generations;
using Dom0Image.Posix;
using Dom0Image.Processes;
using Dom0Image.Recipes;
using Dom0Image.Reporting;
using Dom0Image.Store;

namespace Dom0Image.TestHost;

/// <summary>What a test can have done in a process of its own. Add a case for a new one.</summary>
internal static class Scenarios
{
    public static Task RunAsync(string scenario, string[] arguments) => scenario switch
    {
        "delete-with-mount" => DeleteWithMountAsync(arguments[0], arguments[1], arguments[2], arguments[3]),
        "delete-leftovers" => DeleteLeftovers(arguments[0], arguments[1]),
        "small-disk" => SmallDiskAsync(arguments[0], arguments[1]),
        "xfs-disk" => XfsDiskAsync(arguments[0]),
        "generations" => MakeGenerationsAsync(arguments[0], arguments[1], int.Parse(arguments[2])),
        "hold-lock" => HoldLockAsync(arguments[0]),
        "hold-edit" => EditScenario.HoldAsync(arguments[0]),
        "keep-layer" => EditScenario.KeepAsync(arguments[0]),
        "drop-layer" => EditScenario.DropAsync(arguments[0], arguments[1]),
        "make-stage-on-small-disk" => MakeStageOnSmallDiskAsync(arguments[0], arguments[1], int.Parse(arguments[2])),
        "make-stage" => MakeStageAsync(arguments[0], int.Parse(arguments[1])),
        "publish" => PublishAsync(arguments[0], arguments[1], arguments[2]),
        "go-back" => GoBackAsync(arguments[0], arguments[1], arguments[2]),
        "remove" => Remove(arguments[0], arguments[1]),
        "remove-with-mount" => RemoveWithMountAsync(arguments[0], arguments[1], arguments[2], arguments[3], arguments[4]),
        "run-lab" => LabScenario.RunAsync(arguments[0], Recipes.MacAddress.Parse(arguments[1]), arguments[2] == "end"),
        "assemble" => AssembleAsync(arguments[0], arguments[1], arguments[2]),
        "base-layer" => MakeBaseLayerAsync(arguments[0], arguments[1], arguments[2]),
        "storage" => StorageScenario.RunAsync(arguments[0], arguments[1], arguments[2..]),
        "nfs-connection" => StorageScenario.ConnectAsync(),
        "isolation" => IsolationScenario.RunAsync(arguments[0], arguments[1], arguments[2], arguments[3..]),
        "fetch" => FetchAsync(arguments[0], arguments[1], arguments[2], arguments[3]),
        _ => throw new ArgumentException($"no scenario '{scenario}'"),
    };

    // These are to be run in a mount namespace of their own.
    private static Task<ToolResult> MountSmallDiskAsync(string directory, string size)
        => new ToolRunner().RunAsync(new ToolCommand("mount", "-t", "tmpfs", "-o", $"size={size}", "tmpfs", directory));

    private static async Task MakeStageOnSmallDiskAsync(string directory, string size, int files)
    {
        await MountSmallDiskAsync(directory, size);
        await MakeStageAsync(directory, files);
    }

    private static async Task DeleteWithMountAsync(string how, string what, string where, string tree)
    {
        await new ToolRunner().RunAsync(new ToolCommand("mount", how, what, where));
        SafeDelete.Tree(tree);
    }

    /// <summary>Does what a build does first; says what it is told.</summary>
    private static Task DeleteLeftovers(string store, string prefix)
    {
        new BuildStore(store).DeleteLeftovers(Console.WriteLine);
        new GenerationAssembler(new Places(prefix)).DeleteLeftovers(Console.WriteLine);
        return Task.CompletedTask;
    }

    /// <summary>Mounts a small file system for as long as it lives.</summary>
    private static async Task SmallDiskAsync(string directory, string size)
    {
        await MountSmallDiskAsync(directory, size);
        Console.WriteLine("mounted");
        await Task.Delay(Timeout.Infinite);
    }

    /// <summary>Mounts an XFS of its own, as exports lie on, for as long as it lives.</summary>
    private static async Task XfsDiskAsync(string directory)
    {
        var image = directory + ".img";
        await File.WriteAllBytesAsync(image, []);
        FileChange.SetSize(image, 1L << 30);
        await new ToolRunner().RunAsync(new ToolCommand("mkfs.xfs", "-q", image));
        await new ToolRunner().RunAsync(new ToolCommand("mount", "-o", "loop", image, directory));
        File.Delete(image);
        Console.WriteLine("mounted");
        await Task.Delay(Timeout.Infinite);
    }

    /// <summary>Makes generations of an archive's root that differ by one file; says how long each took to be put in its place.</summary>
    private static async Task MakeGenerationsAsync(string prefix, string archive, int count)
    {
        var places = new Places(prefix);
        var part = Path.Combine(Directory.CreateDirectory(prefix).FullName, "part");
        await File.WriteAllTextAsync(part, "x");
        for (var i = 0; i < count; i++)
        {
            var key = StageKey.For($"{i}", 1).Build();
            using var staged = new GenerationAssembler(places).Begin(GenerationAssembler.IdOf("sample", key));
            await new ToolRunner().RunAsync(new ToolCommand("tar", "--extract", "--zstd", "--numeric-owner", "--xattrs", "--xattrs-include=*", $"--file={archive}", $"--directory={staged.RootDirectory}"));
            await File.WriteAllTextAsync(Path.Combine(staged.RootDirectory, "one"), $"{i}");
            staged.Seal(new GenerationParts { RecipeName = "sample", Key = key, PackageListFile = part, Kernels = [new KernelFile("kernel-1", part, part, part)] });
            var watch = System.Diagnostics.Stopwatch.StartNew();
            staged.Finish();
            Console.WriteLine($"{watch.ElapsedMilliseconds} ms; {FileSystemSpace.Of(prefix).Free} free");
        }
    }

    /// <summary>Holds a lock until it is killed; says when it has it.</summary>
    private static async Task HoldLockAsync(string file)
    {
        using var held = await BuildLock.AcquireAsync([file], wait: true, new QuietProgress(), CancellationToken.None);
        Console.WriteLine("held");
        await Task.Delay(Timeout.Infinite);
    }

    /// <summary>Makes a stage <c>big</c> of some files of 64 KiB in a store, after what a build does first.</summary>
    private static async Task MakeStageAsync(string storeRoot, int files)
    {
        var store = new BuildStore(storeRoot);
        using var held = await BuildLock.AcquireAsync([store.LockFile], wait: true, new QuietProgress(), CancellationToken.None);
        store.DeleteLeftovers();
        var context = new StageContext(store, new ToolRunner(), new QuietProgress(), CancellationToken.None);
        await context.GetOrMakeAsync("big", StageKey.For("big", 1).Build(), async work =>
        {
            for (var i = 0; i < files; i++)
            {
                // Not asynchronous: a test counts the system calls of the first thread.
                File.WriteAllBytes(Path.Combine(work, $"file-{i}"), new byte[64 * 1024]);
            }

            await Task.CompletedTask;
        });
    }

    /// <summary>Publishes a generation and menus whose key is the same, after what a build does first.</summary>
    private static async Task PublishAsync(string prefix, string generation, string menus)
    {
        var places = new Places(prefix);
        using var held = await BuildLock.AcquireAsync([places.LockFile], wait: true, new QuietProgress(), CancellationToken.None);
        new GenerationAssembler(places).DeleteLeftovers();
        var result = new Publication(places).Publish(new PublicationRequest(
            generation,
            new MenuSet(generation, menus)));
        Console.WriteLine(string.Join('\n', result.Changed));
    }

    /// <summary>Goes back to a generation with menus whose key is the same, as the target Rollback does.</summary>
    private static async Task GoBackAsync(string prefix, string generation, string menus)
    {
        var places = new Places(prefix);
        using var held = await BuildLock.AcquireAsync([places.LockFile], wait: true, new QuietProgress(), CancellationToken.None);
        new PublicationHold(RollbackChoice.Of(places, generation, CancellationToken.None), DateTimeOffset.UtcNow, "resume").Set(places);
        new Publication(places).Publish(new PublicationRequest(generation, new MenuSet(generation, menus)) { GoesBack = true });
    }

    /// <summary>Deletes a generation; says what it is told.</summary>
    private static Task Remove(string prefix, string generation)
    {
        new GenerationRemoval(new Places(prefix), Console.WriteLine).Remove(generation);
        return Task.CompletedTask;
    }

    private static async Task RemoveWithMountAsync(string how, string what, string where, string prefix, string generation)
    {
        await new ToolRunner().RunAsync(new ToolCommand("mount", how, what, where));
        await Remove(prefix, generation);
    }

    /// <summary>Lays the base layer of a mirror's trixie in a store.</summary>
    private static async Task MakeBaseLayerAsync(string storeRoot, string mirror, string keyring)
    {
        var recipe = new Recipe
        {
            Name = "sample",
            File = "recipes/sample.yaml",
            Suite = "trixie",
            Architecture = "amd64",
            Components = ["main"],
            Keyring = keyring,
            Flash = new FlashList(1 << 20, []),
            Kernels = [],
        };
        var context = new StageContext(new BuildStore(storeRoot), new ToolRunner(), new QuietProgress(), CancellationToken.None);
        ImmutableArray<ArchiveSource> sources = [new(new Uri(mirror), "trixie", ["main"], keyring)];
        await BaseLayerStage.MakeAsync(recipe, sources, await ArchiveState.ReadAsync(sources, context), context);
    }

    /// <summary>Downloads a package of a mirror's trixie into a store, with the logs of a run.</summary>
    private static async Task FetchAsync(string storeRoot, string mirror, string keyring, string package)
    {
        var store = new BuildStore(storeRoot);
        var context = new StageContext(store, new ToolRunner(new RunLog(store.Logs).ToolLog), new QuietProgress(), CancellationToken.None);
        ImmutableArray<ArchiveSource> sources = [new(new Uri(mirror), "trixie", ["main"], keyring)];
        var fetcher = new PackageFetcher(sources, "amd64", context, await ArchiveState.ReadAsync(sources, context));
        await fetcher.DownloadAsync(await fetcher.FindAsync(package), context.Progress);
    }

    /// <summary>Puts a generation together from a directory with a root, a kernel and a hypervisor.</summary>
    private static async Task AssembleAsync(string prefix, string recipe, string parts)
    {
        var places = new Places(prefix);
        using var held = await BuildLock.AcquireAsync([places.LockFile], wait: true, new QuietProgress(), CancellationToken.None);
        var assembler = new GenerationAssembler(places);
        assembler.DeleteLeftovers();
        var key = StageKey.For(recipe, 1).Build();
        using var staged = assembler.Begin(GenerationAssembler.IdOf(recipe, key));
        foreach (var file in Directory.GetFiles(Path.Combine(parts, "root")))
        {
            File.Copy(file, Path.Combine(staged.RootDirectory, Path.GetFileName(file)));
        }

        string Part(string name) => Path.Combine(parts, name);
        staged.Seal(new GenerationParts
        {
            RecipeName = recipe,
            Key = key,
            PackageListFile = Part("packages.txt"),
            Kernels = [new KernelFile("kernel-1", Part("bzImage"), Part("System.map"), Part("config"))],
            Hypervisor = new HypervisorFile("xen.gz", Part("xen.gz")),
        });
        staged.Finish();
        Console.WriteLine(staged.Id);
    }
}
