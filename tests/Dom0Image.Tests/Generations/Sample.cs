using Dom0Image.Generations;
using Dom0Image.Store;

namespace Dom0Image.Tests.Generations;

/// <summary>A publishing area with small generations in it: real files, tiny content.</summary>
internal sealed class Sample : IDisposable
{
    private readonly TempDirectory _temp = new();

    /// <summary>A sample with a prefix of its own, or in a directory that is there.</summary>
    public Sample(string? prefix = null) => Places = new(prefix ?? _temp.Make("prefix"));

    public Places Places { get; }

    public TempDirectory Temp => _temp;

    public string this[string place] => Places.OnDisk(place);

    /// <summary>Finishes a generation whose files all say <paramref name="name"/>; gives its id.</summary>
    public string Finish(string name)
    {
        using var staged = Begin(name);
        staged.Seal(Parts(name));
        staged.Finish();
        return staged.Id;
    }

    public StagedGeneration Begin(string name)
    {
        var staged = new GenerationAssembler(Places).Begin(GenerationAssembler.IdOf(name, Key(name)));
        File.WriteAllText(Path.Combine(staged.RootDirectory, "version"), staged.Id);
        return staged;
    }

    public GenerationParts Parts(string name) => new()
    {
        RecipeName = name,
        Key = Key(name),
        PackageListFile = _temp.Write($"{name}/packages.txt", "udev 1\n"),
        Kernels = [new KernelFile("kernel-6.12-xen", _temp.Write($"{name}/bzImage", IdOf(name)), _temp.Write($"{name}/System.map", "map"), _temp.Write($"{name}/config", "CONFIG_X=y\n"))],
        Hypervisor = new HypervisorFile("xen-4.20.gz", _temp.Write($"{name}/xen.gz", IdOf(name))),
    };

    public static StageKey Key(string name) => StageKey.For(name, 1).Build();

    public static string IdOf(string name) => GenerationAssembler.IdOf(name, Key(name));

    /// <summary>A request for a generation with menus, for two hosts, that name it.</summary>
    public PublicationRequest Request(string name)
    {
        var id = IdOf(name);
        return new PublicationRequest(id, new MenuSet(id, Built(name)));
    }

    /// <summary>The directory that <see cref="Request"/> takes menus from.</summary>
    public string Built(string name)
    {
        var id = IdOf(name);
        _temp.Write($"built-{name}/dom0.conf", $"multiboot2 /generations/{id}/hypervisors/xen-4.20.gz\nmodule2 /generations/{id}/kernels/kernel-6.12-xen root=/dev/nfs nfsroot=192.0.2.1:/opt/ondemand/generations/{id}/root,vers=3\n");
        if (new FileInfo(_temp[$"built-{name}/post01.conf"]).LinkTarget is null)
        {
            File.CreateSymbolicLink(_temp[$"built-{name}/post01.conf"], "dom0.conf");
        }

        return _temp[$"built-{name}"];
    }

    public PublicationResult Publish(string name) => new Publication(Places).Publish(Request(name));

    /// <summary>Publishes a generation with menus of a key as real ones have it.</summary>
    public PublicationResult Publish(string name, string key) => new Publication(Places).Publish(new PublicationRequest(IdOf(name), new MenuSet(key, Built(name))));

    public void Dispose() => _temp.Dispose();
}
