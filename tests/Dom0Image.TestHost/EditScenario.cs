using Dom0Image.Edits.Layers;
using Dom0Image.Generations;
using Dom0Image.Posix;

namespace Dom0Image.TestHost;

/// <summary>Edits below a prefix that can be killed.</summary>
internal static class EditScenario
{
    /// <summary>Keeps a recipe's layers locked.</summary>
    public static async Task HoldAsync(string prefix)
    {
        using var held = await new LayerStore(new Places(prefix), "sample").LockAsync(new QuietProgress(), CancellationToken.None);
        Console.WriteLine("held");
        await Task.Delay(Timeout.Infinite);
    }

    /// <summary>Keeps a layer with a content and a log; says so.</summary>
    public static async Task KeepAsync(string prefix)
    {
        var store = new LayerStore(new Places(prefix), "sample");
        using var held = await store.LockAsync(new QuietProgress(), CancellationToken.None);
        var kept = store.Keep(Sample(store), staged =>
        {
            FileChange.MakeFile(Path.Combine(staged, KeptLayer.Contents, new string('a', 64)), "content"u8, 384);
            FileChange.MakeFile(Path.Combine(staged, KeptLayer.Log), "true\n"u8, 384);
        });
        Console.WriteLine($"kept {kept.Layer.Name}");
    }

    /// <summary>Drops one.</summary>
    public static async Task DropAsync(string prefix, string name)
    {
        var store = new LayerStore(new Places(prefix), "sample");
        using var held = await store.LockAsync(new QuietProgress(), CancellationToken.None);
        store.Drop(name, Console.WriteLine);
    }

    private static Layer Sample(LayerStore store) => new(store.NextName(), "sample", "sample-0123456789ab", "try it", "a", DateTimeOffset.UnixEpoch)
    {
        Paths = [new LayerPath("/etc/issue", null, new ManifestEntry { Path = "/etc/issue", Type = FileType.File, Mode = "0644", Size = 7, Sha256 = new string('a', 64) })],
    };
}
