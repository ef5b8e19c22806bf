using Dom0Image.Archive;
using Dom0Image.Generations;
using Dom0Image.Posix;
using Dom0Image.Recipes;
using Dom0Image.Tests.Generations;
using Dom0Image.Verification;

namespace Dom0Image.Tests.Verification;

/// <summary>Faults of a generation's kernels, their modules, its hypervisor and what TFTP serves.</summary>
internal static class GenerationFaults
{
    private const string Kernel = WholeGeneration.Kernel;
    private const string KernelName = "/kernels/" + Kernel;
    private const string Modules = "/lib/modules/" + WholeGeneration.Release;

    private static readonly string Tftp = Places.TftpOf(Boot.Sites.Generation.GenerationId);

    /// <summary>All of them.</summary>
    public static IEnumerable<PlantedFault> All() => [.. Served(), .. Kernels(), .. OfModules(), .. OfMicrocode()];

    private static IEnumerable<PlantedFault> Served()
    {
        const string Hypervisor = "/hypervisors/xen-4.20.gz";
        yield return new("a link among what TFTP serves", FindingKind.TftpLink, $"{Tftp}/kernels/latest", whole => File.CreateSymbolicLink(whole.KernelFile("latest"), Kernel));
        yield return new("a kernel that the TFTP server cannot read", FindingKind.TftpUnreadable, Tftp + KernelName, whole => FileChange.SetMode(whole.KernelFile(Kernel), 0x180));
        yield return new("a directory that the TFTP server cannot enter", FindingKind.TftpUnreadable, $"{Tftp}/hypervisors", whole => FileChange.SetMode(whole.Tree.Hypervisors, 0x1C0));
        yield return new("an empty file", FindingKind.TftpEmpty, $"{Tftp}/hypervisors/xen-4.21.gz", whole => File.WriteAllText(Path.Combine(whole.Tree.Hypervisors, "xen-4.21.gz"), ""));
        yield return new("no directory of hypervisors", FindingKind.TftpMissing, $"{Tftp}/hypervisors", whole =>
        {
            SafeDelete.Tree(whole.Tree.Hypervisors);
            SafeDelete.Tree(whole.Menus);
            Directory.CreateDirectory(whole.Menus);
            File.WriteAllText(Path.Combine(whole.Menus, "plain.conf"), $"linux {Tftp}{KernelName} root=/dev/nfs nfsroot=192.168.0.5:{Places.RootOf(whole.Tree.Id)}\n");
        });
        yield return new("a hypervisor that GRUB cannot boot", FindingKind.HypervisorNone, Hypervisor, whole => Images.Gzip(whole.HypervisorFile, new byte[100_000]));
        yield return new("a hypervisor that was cut short", FindingKind.HypervisorDamaged, Hypervisor, whole => FileChange.SetSize(whole.HypervisorFile, new FileInfo(whole.HypervisorFile).Length - 20));
        yield return new("a hypervisor that lacks a byte", FindingKind.HypervisorDamaged, Hypervisor, whole => FileChange.SetSize(whole.HypervisorFile, new FileInfo(whole.HypervisorFile).Length - 1));
        yield return new("a hypervisor with another checksum", FindingKind.HypervisorDamaged, Hypervisor, whole => Flip(whole.HypervisorFile, new FileInfo(whole.HypervisorFile).Length - 8));
        yield return new("an unpacked hypervisor that was cut short", FindingKind.HypervisorDamaged, Hypervisor, whole => File.WriteAllBytes(whole.HypervisorFile, Elf(200_000)));
    }

    private static IEnumerable<PlantedFault> Kernels()
    {
        yield return new("a kernel that is none", FindingKind.KernelNone, "/kernels/kernel-5", whole => File.WriteAllText(whole.KernelFile("kernel-5"), "a page of a proxy\n"));
        yield return new("a kernel that was cut short", FindingKind.KernelDamaged, KernelName, whole => FileChange.SetSize(whole.KernelFile(Kernel), 0xc00));
        yield return new("a kernel that lacks a byte", FindingKind.KernelDamaged, KernelName, whole => FileChange.SetSize(whole.KernelFile(Kernel), 0xfff));
        yield return new("a kernel with a byte that is wrong", FindingKind.KernelDamaged, KernelName, whole => Flip(whole.KernelFile(Kernel), 0x900));
        yield return new("a kernel without its code", FindingKind.KernelDamaged, KernelName, whole =>
        {
            Flip(whole.KernelFile(Kernel), 0x1f4, 0xc0);
        });
        yield return new("no kernel at all", FindingKind.KernelsMissing, "/kernels", whole =>
        {
            Directory.GetFiles(whole.Tree.Kernels).ToList().ForEach(File.Delete);
            whole.Delete("/usr/lib/modules");
            SafeDelete.Tree(whole.Menus);
            Directory.CreateDirectory(whole.Menus);
            File.WriteAllText(Path.Combine(whole.Menus, "other.conf"), "configfile /grub/other.conf\n");
        });
        yield return new("a kernel without its configuration", FindingKind.KernelConfigMissing, KernelName, whole => File.Delete(whole.Tree.ConfigOf(Kernel)));
        yield return new("a kernel with an empty configuration", FindingKind.KernelConfigMissing, KernelName, whole => File.WriteAllText(whole.Tree.ConfigOf(Kernel), ""));
        yield return new("a kernel that lacks an option", FindingKind.KernelOption, KernelName, whole => Config(whole, text => text.Replace("CONFIG_ROOT_NFS=y\n", "")));
        yield return new("a kernel that lacks an option under the hypervisor", FindingKind.KernelOption, KernelName, whole => Config(whole, text => text.Replace("CONFIG_XEN_PV_DOM0=y", "# CONFIG_XEN_PV_DOM0 is not set")));
        yield return new("a kernel whose option is a module", FindingKind.KernelOption, KernelName, whole => Config(whole, text => text.Replace("CONFIG_TMPFS=y", "CONFIG_TMPFS=m")));
    }

    private static IEnumerable<PlantedFault> OfModules()
    {
        yield return new("a kernel whose modules are not there", FindingKind.ModulesMissing, KernelName, whole => whole.Delete("/usr" + Modules));
        yield return new("a kernel whose modules are gone but for their index", FindingKind.ModulesMissing, KernelName, whole => whole.Delete($"/usr{Modules}/kernel"));
        yield return new("a configuration without an end of its last line", FindingKind.ModulesMissing, KernelName, whole =>
        {
            Config(whole, text => text.TrimEnd());
            whole.Delete("/usr" + Modules);
        });
        yield return new("modules of no kernel", FindingKind.ModulesOfNoKernel, "/lib/modules/6.1.0-1-amd64", whole => Directory.CreateDirectory(whole.Root + "/usr/lib/modules/6.1.0-1-amd64"));
        yield return new("modules without an index", FindingKind.ModulesIndexMissing, $"{Modules}/modules.dep", whole => whole.Delete($"/usr{Modules}/modules.dep"));
        yield return new("modules with an empty index", FindingKind.ModulesIndexMissing, $"{Modules}/modules.dep", whole => File.WriteAllText($"{whole.Root}/usr{Modules}/modules.dep", ""));
        yield return new("modules without the index that kmod reads", FindingKind.ModulesIndexMissing, $"{Modules}/modules.dep.bin", whole => whole.Delete($"/usr{Modules}/modules.dep.bin"));
        yield return new("a module that is not in the index", FindingKind.ModulesIndexStale, $"{Modules}/modules.dep", whole => File.WriteAllText($"{whole.Root}/usr{Modules}/kernel/other.ko.xz", "module"));
        yield return new("an index of a module that is not there", FindingKind.ModulesIndexStale, $"{Modules}/modules.dep", whole => File.AppendAllText($"{whole.Root}/usr{Modules}/modules.dep", "kernel/gone.ko: kernel/dummy.ko\n"));
    }

    private static IEnumerable<PlantedFault> OfMicrocode()
    {
        var place = $"{Tftp}/microcode.cpio";
        PlantedFault[] faults =
        [
            new("microcode that was cut short", FindingKind.MicrocodeDamaged, place, whole => FileChange.SetSize(whole.Tree.Microcode, 60)),
            new("microcode under another name", FindingKind.MicrocodeDamaged, place, whole => NewcArchive.Write(whole.Tree.Microcode, [], [("lib/firmware/amd.bin", [1])], aligned: 16)),
            new("a kernel that takes no microcode", FindingKind.KernelOption, KernelName, whole => Config(whole, text => text.Replace("CONFIG_MICROCODE=y\n", ""))),
            new("microcode that is not there", FindingKind.MenuFileMissing, "/grub/dom0.conf", whole =>
            {
                File.Delete(whole.Tree.Microcode);
                foreach (var menu in new[] { "plain.conf", "post02.conf" })
                {
                    whole.EditMenu(menu, text => text.Replace($"initrd {place}", "true").Replace($"module2 {place}", "true"));
                }
            }),
            new("a menu that hands no microcode to Xen", FindingKind.MicrocodeNotHanded, "/grub/dom0.conf", whole => whole.EditMenu("dom0.conf", text => text.Replace($"module2 {place}", "true"))),
            new("a menu that only mentions microcode", FindingKind.MicrocodeNotHanded, "/grub/dom0.conf", whole => whole.EditMenu("dom0.conf", text => text.Replace($"module2 {place}", $"echo {place}"))),
            new("microcode in the place of dom0's RAM disk", FindingKind.MicrocodeNotHanded, "/grub/dom0.conf", whole => whole.EditMenu("dom0.conf", text => text.Replace($"module2 {Tftp}/no-initrd.cpio", "true"))),
            new("a menu that hands no microcode to the kernel", FindingKind.MicrocodeNotHanded, "/grub/plain.conf", whole => whole.EditMenu("plain.conf", text => text.Replace($"initrd {place}", "true"))),
        ];
        return faults.Select(fault => fault with { From = recipe => recipe with { Microcode = [CpuVendor.Amd] } });
    }

    private static void Config(WholeGeneration whole, Func<string, string> edit)
    {
        var file = whole.Tree.ConfigOf(Kernel);
        var text = File.ReadAllText(file);
        var edited = edit(text);
        Assert.That(edited, Is.Not.EqualTo(text), "there was something to change");
        File.WriteAllText(file, edited);
    }

    private static void Flip(string file, long at, byte bits = 1)
    {
        var bytes = File.ReadAllBytes(file);
        bytes[at] ^= bits;
        File.WriteAllBytes(file, bytes);
    }

    // A hypervisor as GRUB loads it, whose one segment goes on for longer than the file.
    private static byte[] Elf(int segment)
    {
        var image = Images.Multiboot2();
        byte[] header = [0x7f, (byte)'E', (byte)'L', (byte)'F', 1, 1, 1];
        header.CopyTo(image, 0);
        image[0x1c] = 0x34;
        (image[0x2a], image[0x2c]) = (0x20, 1);
        BitConverter.TryWriteBytes(image.AsSpan(0x34 + 0x10), segment);
        return image;
    }
}
