using Dom0Image.Differences;
using Dom0Image.Generations;
using Dom0Image.Store;
using Dom0Image.Tests.Boot;

namespace Dom0Image.Tests.Differences;

/// <summary>A publishing area for two generations that a test makes as it likes, with real files.</summary>
internal sealed class TwoGenerations : IDisposable
{
    private readonly TempDirectory _temp = new();

    public Places Places => new(_temp["prefix"]);

    public BuildStore Store => new(_temp["store"]);

    public TempDirectory Temp => _temp;

    /// <summary>Finishes a generation; gives its id.</summary>
    /// <param name="name">Tells it from the other one.</param>
    /// <param name="packages">Its list of packages.</param>
    /// <param name="config">Its kernels' configuration.</param>
    /// <param name="fill">Puts files into its root, which is empty but for a few; given their places by their paths.</param>
    /// <param name="kernel">Version of its kernels.</param>
    /// <param name="hypervisor">Its hypervisor.</param>
    public string Make(string name, string packages = "udev 1 amd64\n", string config = "CONFIG_XEN_DOM0=y\n", Action<TestRoot>? fill = null, string kernel = "6.12", string hypervisor = "xen-4.20.gz")
    {
        using var staged = new GenerationAssembler(Places).Begin($"trixie-{name}");
        var root = new TestRoot(staged.RootDirectory);
        root.Write("/etc/passwd", "root:x:0:0:root:/root:/bin/bash\n");
        root.Write("/etc/group", "root:x:0:\n");
        root.Write("/etc/shadow", "root:!:19000:0:99999:7:::\n");
        fill?.Invoke(root);
        staged.Seal(new GenerationParts
        {
            RecipeName = "trixie",
            Key = StageKey.For("test", 1).Add("name", name).Build(),
            PackageListFile = _temp.Write($"{name}/packages.txt", packages),
            Kernels = [.. new[] { "xen-pIV-rltk", "xen-e1000" }.Select(flavour => new KernelFile(
                $"kernel-{kernel}-{flavour}", _temp.Write($"{name}/bzImage", $"kernel {kernel}"), _temp.Write($"{name}/System.map"), _temp.Write($"{name}/{flavour}.config", config)))],
            Hypervisor = new HypervisorFile(hypervisor, _temp.Write($"{name}/xen", hypervisor)),
        });
        staged.Finish();
        return staged.Id;
    }

    public GenerationDifference Between(string from, string to) => new DifferenceReader(Places, Sites.OneServer()).Read(from, to);

    public void Dispose() => _temp.Dispose();
}

/// <summary>A root that is put together.</summary>
internal sealed class TestRoot(string directory)
{
    public string this[string path] => directory + path;

    public void Write(string path, string content, UnixFileMode? mode = null)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(this[path])!);
        File.WriteAllText(this[path], content);
        if (mode is { } bits)
        {
            File.SetUnixFileMode(this[path], bits);
        }
    }

    public void Link(string path, string target)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(this[path])!);
        File.CreateSymbolicLink(this[path], target);
    }
}
