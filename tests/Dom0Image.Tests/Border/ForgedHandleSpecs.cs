using Dom0Image.Generations;
using Dom0Image.Processes;
using Dom0Image.Tests.Boot;

namespace Dom0Image.Tests.Border;

/// <summary>
/// Exports that are file systems of their own, made as a boot server's are, and somebody on a client who asks the real server
/// with handles of his own making. That the same finds its way on a file system that holds other things, too, is shown in
/// <see cref="SharedFileSystemSpecs"/>.
/// </summary>
internal sealed class ForgedHandleSpecs
{
    private const string Client = "192.168.0.101";

    // On the server, beside the exports.
    private const string Subvolume = """
        truncate --size 200M "$1.img"
        mkfs.btrfs --quiet "$1.img"
        mkdir "$1"
        mount -o loop "$1.img" "$1"
        btrfs subvolume create "$1/other"
        echo outside >"$1/other/secret"
        """;

    private const int RandomHandles = 300;

    private BorderLab _lab = null!;
    private RawNfs _client = null!;
    private Dictionary<string, Export> _exports = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _lab = await BorderLab.StartAsync(Sites.OneServer(), Client);
        _client = _lab.ClientAt(Client);
        _exports = [];
        File.WriteAllText(Path.Combine(_lab.Host, Forger.Secret), "the server's");
        await _lab.RunAsync(new ToolCommand("sh", "-euc", Subvolume, "sh", Path.Combine(_lab.Host, "btrfs")));
        foreach (var place in new[] { Places.Generations, Places.DomUImages })
        {
            File.WriteAllText($"{_lab[place]}/{Forger.Secret}", place);
            Directory.CreateDirectory($"{_lab[place]}/neighbour");
            File.WriteAllText($"{_lab[place]}/neighbour/{Forger.Secret}", place);
            var (status, root) = _client.Mount(place);
            Assert.That(status, Is.Zero, $"{place} is exported");
            _exports[place] = new Export(place, GaneshaHandle.Of(root, KernelHandle.Of(_lab[place])), root);
        }
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        _client.Dispose();
        await _lab.DisposeAsync();
    }

    [Test]
    public void I_read_what_is_exported_and_write_where_I_may()
    {
        var (generations, images) = (_exports[Places.Generations], _exports[Places.DomUImages]);

        Assert.That(Forger.Try(_client, generations.Root), Is.All.EqualTo(Places.Generations).And.Not.Empty);
        Assert.That(Forger.Try(_client, images.Handles.To(KernelHandle.Of(_lab[$"{Places.DomUImages}/neighbour"]))), Is.All.EqualTo(Places.DomUImages).And.Not.Empty, "what is forged within an export is understood");
        Assert.That(File.Exists(_lab[$"{Places.DomUImages}/neighbour/{Forger.Planted}"]));
        File.Delete(_lab[$"{Places.DomUImages}/neighbour/{Forger.Planted}"]);
        Assert.That(_client.Create(generations.Root, Forger.Planted), Is.EqualTo(RawNfs.ReadOnly));
    }

    [TestCase(Places.Generations)]
    [TestCase(Places.DomUImages)]
    public void I_reach_no_other_root_by_its_number(string place)
        => ReachNothingFrom(place, [KernelHandle.RootOfExt, KernelHandle.RootOfXfs, KernelHandle.RootOfBtrfs, .. Enumerable.Range(0, 300).Select(n => KernelHandle.ByNumber64((ulong)n))]);

    [TestCase(Places.Generations)]
    [TestCase(Places.DomUImages)]
    public void I_reach_nothing_of_the_server_s_own_by_its_true_handle(string place)
        => ReachNothingFrom(place, [.. new[] { _lab.Host, Path.Combine(_lab.Host, Forger.Secret), "/", "/etc", "/etc/shadow" }.Select(KernelHandle.Of)]);

    [TestCase(Places.Generations, Places.DomUImages, true)]
    [TestCase(Places.Generations, Places.DomUImages, false)]
    [TestCase(Places.DomUImages, Places.Generations, true)]
    [TestCase(Places.DomUImages, Places.Generations, false)]
    public async Task I_reach_nothing_of_the_other_export_with_the_id_of_mine(string mine, string other, bool cold)
    {
        KernelHandle[] files = [.. new[] { "", "/neighbour", $"/{Forger.Secret}", $"/neighbour/{Forger.Secret}" }.Select(path => KernelHandle.Of(_lab[other] + path))];
        var (ours, theirs) = (_exports[mine].Handles, _exports[other].Handles);
        await PrepareAsync(cold, other);

        ReachNothing(mine, files.Select(f => (theirs with { Export = ours.Export }).To(f)), "their file system, my id");
        await PrepareAsync(cold, other);
        ReachNothing(mine, files.Select(f => ours.To(f)), "their file, my file system");
        await PrepareAsync(cold, other);
        ReachNothing(other, files.Select(f => (ours with { Export = theirs.Export }).To(f)), "their id, my file system");
    }

    [TestCase(Places.Generations)]
    [TestCase(Places.DomUImages)]
    public void I_reach_no_subvolume_by_its_true_handle(string place)
    {
        var seen = $"/proc/{_lab.ProcessId}/root{_lab.Host}/btrfs/other";

        ReachNothingFrom(place, [KernelHandle.Of(seen), KernelHandle.Of($"{seen}/{Forger.Secret}")]);
        Assert.That(File.Exists($"{seen}/{Forger.Planted}"), Is.False);
    }

    [TestCase(Places.Generations)]
    [TestCase(Places.DomUImages)]
    public void I_reach_nothing_at_random(string place)
    {
        // The same ones each time.
        var random = new Random(9);
        byte[] types = [1, 0x81, 0x82, 0x4d, 2, 0xff];
        ReachNothing(place, Enumerable.Range(0, RandomHandles).Select(_ => Changed(_exports[place].Root, random)), "a changed handle");
        ReachNothingFrom(place, [.. Enumerable.Range(0, RandomHandles).Select(_ => new KernelHandle(types[random.Next(types.Length)], Some(random)))]);
    }

    // Warm: the server has just opened what is asked for, as a client that may.
    private async Task PrepareAsync(bool cold, string other)
    {
        if (cold)
        {
            await _lab.RestartAsync();
        }
        else
        {
            Assert.That(Forger.Try(_client, _exports[other].Root), Is.Not.Empty);
        }

        Clean();
    }

    private void ReachNothingFrom(string place, KernelHandle[] files) => ReachNothing(place, files.Select(_exports[place].Handles.To), "");

    private void ReachNothing(string place, IEnumerable<byte[]> handles, string how)
    {
        foreach (var handle in handles)
        {
            Assert.That(Forger.Try(_client, handle), Is.All.EqualTo(place), $"{how}: {Convert.ToHexString(handle)}");
        }

        // The server is the same that lets us in where we may.
        Assert.That(_client.GetAttributes(_exports[place].Root).Status, Is.Zero);
        string[] others = [_lab.Host, _lab[Places.Generations], .. place == Places.DomUImages ? Array.Empty<string>() : [_lab[Places.DomUImages]]];
        Assert.That(others.SelectMany(o => Directory.EnumerateFiles(o, Forger.Planted, SearchOption.AllDirectories)), Is.Empty, how);
        Assert.That(new[] { "/", "/etc" }.Where(d => File.Exists(Path.Combine(d, Forger.Planted))), Is.Empty, how);
        Clean();
    }

    private void Clean()
    {
        foreach (var planted in Directory.EnumerateFiles(_lab[Places.DomUImages], Forger.Planted, SearchOption.AllDirectories).ToArray())
        {
            File.Delete(planted);
        }
    }

    private static byte[] Changed(byte[] handle, Random random)
    {
        byte[] changed = [.. handle];
        for (var i = random.Next(1, 4); i > 0; i--)
        {
            changed[random.Next(changed.Length)] = (byte)random.Next(256);
        }

        return changed;
    }

    private static byte[] Some(Random random)
    {
        var bytes = new byte[random.Next(1, 7) * 4];
        random.NextBytes(bytes);
        return bytes;
    }

    private sealed record Export(string Place, GaneshaHandle Handles, byte[] Root);
}
