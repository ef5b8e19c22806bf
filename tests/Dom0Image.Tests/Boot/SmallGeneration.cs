using Dom0Image.Generations;
using Dom0Image.Store;
using Dom0Image.Tests.Kernels;

namespace Dom0Image.Tests.Boot;

/// <summary>A generation with kernels that are none, and next to no image.</summary>
internal static class SmallGeneration
{
    /// <summary>Publishes one with menus of another kind; gives its id.</summary>
    /// <param name="places">Where.</param>
    /// <param name="work">A directory for its parts.</param>
    /// <param name="inputs">Tells it from others.</param>
    /// <param name="lacks">A kernel option that a flavour is without.</param>
    public static string Publish(Places places, string work, string inputs = "", Func<string, string>? lacks = null)
    {
        string Config(string flavour) => string.Concat(WholeConfig.Options.Where(o => o != lacks?.Invoke(flavour)).Select(o => $"CONFIG_{o}=y\n"));
        string Source(string name, string content = "")
        {
            var path = Path.Combine(work, name);
            File.WriteAllText(path, content);
            return path;
        }

        KernelFile Kernel(string flavour) => new($"kernel-6.12-{flavour}", Source("bzImage", "a kernel"), Source("System.map"), Source($"config-{flavour}", Config(flavour)));
        var key = StageKey.For("test", 1).Add("inputs", inputs).Build();
        using var staged = new GenerationAssembler(places).Begin(GenerationAssembler.IdOf("trixie", key));
        Directory.CreateDirectory(Path.Combine(staged.RootDirectory, "etc"));
        File.WriteAllText(Path.Combine(staged.RootDirectory, "etc/fstab"), "proc /proc proc defaults 0 0\n");
        staged.Seal(new GenerationParts
        {
            RecipeName = "trixie",
            Key = key,
            PackageListFile = Source("packages"),
            Kernels = [Kernel("xen-pIV-rltk"), Kernel("xen-e1000")],
            Hypervisor = new HypervisorFile("xen-4.20.gz", Source("xen", "a hypervisor")),
        });
        var tree = staged.Finish();
        var menus = Directory.CreateDirectory(Path.Combine(work, "menus")).FullName;
        new Publication(places).Publish(new PublicationRequest(tree.Id, new MenuSet("first", menus)));
        return tree.Id;
    }
}
