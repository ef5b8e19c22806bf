using System.Collections.Immutable;
using Dom0Image.Archive;
using Dom0Image.Boot;
using Dom0Image.Generations;
using Dom0Image.Kernels;
using Dom0Image.Posix;
using Dom0Image.Processes;
using Dom0Image.Recipes;
using Dom0Image.RootFs.Flash;
using Dom0Image.RootFs.RamTree;
using Dom0Image.Tests.Boot;
using Dom0Image.Tests.Generations;
using Dom0Image.Tests.Kernels;
using Dom0Image.Tests.RootFs;
using Dom0Image.Verification;
using Mono.Unix.Native;
using static Dom0Image.Tests.RootFs.TestImage;

namespace Dom0Image.Tests.Verification;

/// <summary>
/// A small generation with nothing to find in it, for either init: an image that the pipeline's own steps relocated and gave its
/// scripts, kernels with a module, a hypervisor, and the menus of a site. Every rule looks at it as at a real one.
/// </summary>
internal sealed class WholeGeneration : IDisposable
{
    /// <summary>Where it was built.</summary>
    public const string HostPath = "/srv/build-store";

    /// <summary>The kernel that has a module.</summary>
    public const string Kernel = "kernel-6.12-xen-pIV-rltk";

    /// <summary>Its release.</summary>
    public const string Release = "6.12.1-xen-pIV-rltk";

    private const string Hypervisor = "xen-4.20.gz";

    private static readonly FlashList Flash = List(
        Entry("/etc/localtime", "0000", FlashStart.Empty, FlashKind.Symlink) with { Target = "/usr/share/zoneinfo/UTC" },
        Entry("/etc/machine-id", "0444", FlashStart.Empty, FlashKind.File),
        Entry("/etc/ssh", "0755", FlashStart.Content),
        Entry("/var/lib/xen", "0750", FlashStart.Content, owner: "xend", group: "xend"),
        Entry("/var/log", "0755", FlashStart.Tree),
        Entry("/var/tmp", "1777", FlashStart.Empty));

    private readonly List<Action> _cleanUp = [];
    private readonly TempDirectory _temp = new();

    private WholeGeneration(Recipe recipe)
    {
        Recipe = recipe;
        Tree = new GenerationTree(Sites.Generation.GenerationId, Path.GetDirectoryName(Image.Root)!, _temp.Make("tftp"));
        Published = _temp.Make("published/root");
        Menus = _temp["menus"];
    }

    public TestImage Image { get; } = new();

    public string Root => Image.Root;

    public GenerationTree Tree { get; }

    /// <summary>The root that hosts boot now.</summary>
    public string Published { get; }

    public string Menus { get; }

    public Recipe Recipe { get; }

    /// <summary>Lines of <c>recipes/accounts</c>.</summary>
    public string Accounts { get; set; } = "user xend 107\n";

    /// <summary>Paths of the build machine.</summary>
    public ImmutableArray<string> HostPaths { get; set; } = [HostPath];

    public static FlashList Without(FlashList list, string path) => list with { Entries = [.. list.Entries.Where(entry => entry.Path != path)] };

    /// <summary>Makes one.</summary>
    /// <param name="init">Its init.</param>
    /// <param name="change">Changes its recipe before.</param>
    public static async Task<WholeGeneration> MakeAsync(InitSystem init, Func<Recipe, Recipe>? change = null)
    {
        var recipe = RecipeWith(Flash, init) with { SetUid = ["/bin/su"] };
        var whole = new WholeGeneration(change?.Invoke(recipe) ?? recipe);
        try
        {
            whole.MakeImage();
            await RamTreeInit.InstallAsync(whole.Image.Context(), whole.Root, whole.Recipe);
            whole.MakeDependencies();
            whole.Pack();
            whole.MakeKernels();
            whole.MakeMicrocode();
            BootFilesWriter.WriteMenus(BootFiles.Generate(Sites.TwoServers(), Sites.Generation with { HasMicrocode = !whole.Recipe.Microcode.IsEmpty }), whole.Menus);
            return whole;
        }
        catch
        {
            whole.Dispose();
            throw;
        }
    }

    /// <summary>Packs the RAM tree anew, as the last step of a build does.</summary>
    public void Pack() => RamTreeArchive.Write(Root, Recipe.Flash);

    /// <summary>All that all rules find.</summary>
    public ImmutableArray<Finding> Verify()
    {
        var generation = new CheckedGeneration(Tree, MenuReading.Of(Menus), (_, config, use) => KernelRequirements.Check(config, use, !Recipe.Microcode.IsEmpty))
        {
            Accounts = AccountIds.Read(_temp.Write("accounts", Accounts)),
            Published = new GenerationTree("old", Path.GetDirectoryName(Published)!, ""),
        };
        return GenerationVerification.Check(generation, new CheckedImage(Root, Recipe, SiteWith(), HostPaths)).Findings;
    }

    public string KernelFile(string name) => Path.Combine(Tree.Kernels, name);

    public string HypervisorFile => Path.Combine(Tree.Hypervisors, Hypervisor);

    /// <summary>Deletes something of the image.</summary>
    public void Delete(string path) => SafeDelete.Tree(Root + path);

    /// <summary>Mounts something over a directory of the image until the end.</summary>
    public void Mount(string path)
    {
        Assert.That(Syscall.mkdir(Root + path, (FilePermissions)Mode("0755")), Is.Zero);
        Run("mount", "-t", "tmpfs", "tmpfs", Root + path);
        _cleanUp.Add(() => Run("umount", Root + path));
    }

    /// <summary>Changes a menu's text.</summary>
    public void EditMenu(string name, Func<string, string> edit)
    {
        var file = Path.Combine(Menus, name);
        var text = File.ReadAllText(file);
        var edited = edit(text);
        Assert.That(edited, Is.Not.EqualTo(text), "there was something to change");
        File.WriteAllText(file, edited);
    }

    public void Dispose()
    {
        try
        {
            _cleanUp.ForEach(action => action());
        }
        finally
        {
            Image.Dispose();
            _temp.Dispose();
        }
    }

    private void MakeImage()
    {
        foreach (var path in new[] { "/usr/bin", "/usr/sbin", "/usr/share", "/usr/share/zoneinfo", "/dev", "/run", "/etc/ssh" })
        {
            Image.Dir(path, Mode("0755"));
        }

        Image.Link("/bin", "usr/bin");
        Image.Link("/sbin", "usr/sbin");
        Image.Link("/lib", "usr/lib");
        Image.File("/usr/bin/su", "", Mode("4755"));
        Image.File("/usr/bin/kmod", "program", Mode("0755"));
        Image.File("/etc/ssh/sshd_config", "");
        if (Recipe.Flash.Entries.Any(entry => entry.Path == "/etc/ssh"))
        {
            Image.File("/usr/sbin/sshd", "program", Mode("0755"));
        }

        Assert.That(Syscall.mknod(Root + "/dev/null", FilePermissions.S_IFCHR | (FilePermissions)Mode("0666"), 0x103ul), Is.Zero);
        Image.Dir("/run/lock", Mode("0777"));
        Image.File("/etc/machine-id", "", Mode("0444"));
        Image.Dir("/var/lib/xen", Mode("0755"));
        Image.File("/var/lib/xen/kept", "kept");
        Image.File("/etc/other", $"{HostPath}s and x{HostPath} are other places");
        FlashRelocation.Relocate(Root, Recipe.Flash);
        if (Recipe.Init == InitSystem.Systemd)
        {
            MakeSystemd();
        }
        else
        {
            MakeSystemV();
        }
    }

    private void MakeSystemV()
    {
        Image.File("/usr/sbin/init", "program", Mode("0755"));
        Image.File("/etc/inittab", "id:2:initdefault:\nsi::sysinit:/etc/init.d/rcS\n");
        Image.Dir("/etc/init.d", Mode("0755"));
        Image.Dir("/etc/rcS.d", Mode("0755"));
        Image.File("/etc/init.d/rcS", "#!/bin/sh\n", Mode("0755"));
        foreach (var (name, link) in new[] { ("mountkernfs.sh", "S01"), ("udev", "S03") })
        {
            Image.File($"/etc/init.d/{name}", $"#!/bin/sh\n# Provides: {name}\n", Mode("0755"));
            Image.Link($"/etc/rcS.d/{link}{name}", $"../init.d/{name}");
        }
    }

    // As insserv writes it.
    private void MakeDependencies()
    {
        if (Recipe.Init == InitSystem.Sysvinit)
        {
            Image.File("/etc/init.d/.depend.boot", "TARGETS = mountkernfs.sh dom0-ramtree udev dom0-identity\nINTERACTIVE = udev\ndom0-ramtree: mountkernfs.sh\n");
        }
    }

    private void MakeSystemd()
    {
        Image.Dir("/usr/lib/systemd", Mode("0755"));
        Image.Dir("/usr/lib/systemd/system", Mode("0755"));
        Image.Dir("/etc/systemd", Mode("0755"));
        Image.Dir("/etc/systemd/system", Mode("0755"));
        Image.File("/usr/lib/systemd/systemd", "program", Mode("0755"));
        Image.Link("/usr/sbin/init", "/lib/systemd/systemd");
        Image.File("/usr/lib/systemd/system/sysinit.target", "[Unit]\n");
    }

    private void MakeMicrocode()
    {
        if (!Recipe.Microcode.IsEmpty)
        {
            NewcArchive.Write(Tree.Microcode, [], [("kernel/x86/microcode/AuthenticAMD.bin", [1, 2, 3])], aligned: 16);
            NewcArchive.Write(Path.Combine(Tree.TftpDirectory, GenerationTree.NoInitrdName), [], []);
        }
    }

    private void MakeKernels()
    {
        foreach (var directory in new[] { Tree.Kernels, Tree.Hypervisors, Tree.KernelFacts })
        {
            Directory.CreateDirectory(directory);
            File.SetUnixFileMode(directory, (UnixFileMode)Mode("0755"));
        }

        File.SetUnixFileMode(Tree.TftpDirectory, (UnixFileMode)Mode("0755"));
        foreach (var kernel in Sites.Generation.Kernels)
        {
            Images.Kernel(KernelFile(kernel.FileName), $"6.12.1-{kernel.Flavour}");
            File.WriteAllText(Tree.ConfigOf(kernel.FileName), WholeConfig.Text + "CONFIG_BLK_DEV_INITRD=y\nCONFIG_MICROCODE=y\n" + (kernel.FileName == Kernel ? "CONFIG_DUMMY=m\n" : ""));
        }

        Images.Gzip(HypervisorFile, Images.Multiboot2());
        var modules = $"/usr/lib/modules/{Release}";
        foreach (var directory in new[] { "/usr/lib/modules", modules, $"{modules}/kernel" })
        {
            Image.Dir(directory, Mode("0755"));
        }

        Image.File($"{modules}/kernel/dummy.ko", "module");
        Image.File($"{modules}/modules.dep", "kernel/dummy.ko:\n");
        Image.File($"{modules}/modules.dep.bin", "index");
    }

    private static void Run(string program, params string[] arguments)
        => new ToolRunner().RunAsync(new ToolCommand(program, arguments)).GetAwaiter().GetResult();
}
