using Dom0Image.Generations;
using Dom0Image.Posix;
using Dom0Image.Verification;

namespace Dom0Image.Tests.Verification;

/// <summary>Faults of the menus of a site, each in a menu that the pipeline made.</summary>
internal static class MenuFaults
{
    private const string Dom0 = "dom0.conf";
    private const string Other = "trixie-000000000000";

    private static readonly string Id = Boot.Sites.Generation.GenerationId;
    private static readonly string Kernel = $"/generations/{Id}/kernels/{WholeGeneration.Kernel}";
    private static readonly string Xen = $"/generations/{Id}/hypervisors/xen-4.20.gz";
    private static readonly string Root = Places.RootOf(Id);

    /// <summary>All of them.</summary>
    public static IEnumerable<PlantedFault> All() => [.. OfSets(), .. OfFiles(), .. OfRoots(), .. OfSense()];

    private static IEnumerable<PlantedFault> OfSets()
    {
        yield return new("no menus", FindingKind.MenusMissing, "/grub", whole =>
        {
            SafeDelete.Tree(whole.Menus);
            Directory.CreateDirectory(whole.Menus);
        });
        foreach (var target in new[] { "nobody.conf", "../../../../../etc/passwd", "/etc/passwd", "post99.conf" })
        {
            yield return new($"a host whose menu is {target}", FindingKind.MenuLink, "/grub/post99.conf", whole => File.CreateSymbolicLink(Path.Combine(whole.Menus, "post99.conf"), target));
        }

        yield return new("a first menu that goes on to none", FindingKind.MenuNextMissing, "/grub/daily/post01.conf", whole => whole.EditMenu("daily/post01.conf", text => text.Replace("/grub/post01.conf", "/grub/post77.conf")));
        yield return Line("a menu that goes on to none", FindingKind.MenuNextMissing, "configfile \"(tftp,192.168.0.5)/grub/\"nobody'.conf'");
    }

    private static IEnumerable<PlantedFault> OfFiles()
    {
        yield return Edit("a kernel of another generation", FindingKind.MenuOtherFile, Kernel, $"/generations/{Other}/kernels/{WholeGeneration.Kernel}");
        yield return Edit("a hypervisor of another generation in quotes", FindingKind.MenuOtherFile, Xen, $"'/generations/'{Other}\"/hypervisors/xen-4.20.gz\"");
        yield return Edit("the kernel that is current", FindingKind.MenuOtherFile, Kernel, $"/kernels/{WholeGeneration.Kernel}");
        yield return Edit("a path that climbs out of its generation", FindingKind.MenuOtherFile, Kernel, $"/generations/{Id}/../{Other}/kernels/{WholeGeneration.Kernel}");
        yield return Edit("a kernel by the name of its server", FindingKind.MenuOtherFile, Kernel, $"(tftp,192.168.0.5)/generations/{Other}/kernels/{WholeGeneration.Kernel}");
        yield return Edit("a kernel without a slash before it", FindingKind.MenuOtherFile, Kernel, Kernel[1..]);
        yield return Edit("a kernel that is not there", FindingKind.MenuFileMissing, Kernel, Kernel + "-7");
        yield return Edit("a kernel that is not there with a backslash in it", FindingKind.MenuFileMissing, Kernel, Kernel.Replace("kernel-6", "kernel\\-7"));
        yield return Edit("a hypervisor that is not there in doubled slashes", FindingKind.MenuFileMissing, Xen, Xen.Replace("/xen-4.20", "//xen-4.21"));
        yield return Line("an initrd that is not there", FindingKind.MenuFileMissing, $"initrd /generations/{Id}/kernels/initrd.gz");
        yield return Edit("a kernel in a variable", FindingKind.MenuUntold, Kernel, $"/generations/{Id}/kernels/$kernel");
        yield return Edit("a kernel in a variable in quotes", FindingKind.MenuUntold, Kernel, $"\"/generations/${{id}}/kernels/{WholeGeneration.Kernel}\"");
        yield return Line("an initrd in a variable", FindingKind.MenuUntold, "initrd $there");
        yield return Line("a next menu in a variable", FindingKind.MenuUntold, "configfile /grub/$host.conf");
        yield return Edit("a kernel from another server", FindingKind.MenuOtherServer, Kernel, $"(tftp,192.168.0.7){Kernel}");
        yield return Edit("a hypervisor from a disk", FindingKind.MenuOtherServer, Xen, $"(hd0,msdos1){Xen}");
        yield return Edit("a hypervisor in place of the kernel", FindingKind.MenuFileMisused, Kernel, Xen);
        yield return Edit("a kernel in place of the hypervisor", FindingKind.MenuFileMisused, Xen, Kernel);
    }

    private static IEnumerable<PlantedFault> OfRoots()
    {
        yield return Edit("the root of another generation", FindingKind.MenuOtherRoot, Root, Places.RootOf(Other));
        yield return new("a menu by MAC with the root of another generation", FindingKind.MenuOtherRoot, "/grub/by-mac/00:00:00:00:00:01.conf", whole => File.WriteAllText(
            Path.Combine(whole.Menus, "by-mac/00:00:00:00:00:01.conf"), File.ReadAllText(Path.Combine(whole.Menus, Dom0)).Replace(Root, Places.RootOf(Other))));
        yield return Edit("the root that is current", FindingKind.MenuOtherRoot, Root, Places.CurrentRoot);
        yield return Edit("a root of another generation in quotes", FindingKind.MenuOtherRoot, $"nfsroot=192.168.0.5:{Root}", $"\"nfsroot=192.168.0.5:\"'{Places.RootOf(Other)}'");
        yield return Edit("a root that climbs out of its generation", FindingKind.MenuOtherRoot, Root, $"{Places.Generations}/{Id}/../{Other}/root");
        yield return Edit("a root from another server", FindingKind.MenuOtherServer, $"192.168.0.5:{Root}", $"192.168.0.7:{Root}");
        yield return Edit("a kernel without a root", FindingKind.MenuWithoutRoot, $"nfsroot=192.168.0.5:{Root}", "quiet");
        yield return Edit("a kernel whose root is no NFS", FindingKind.MenuWithoutRoot, "root=/dev/nfs", "root=/dev/sda1");
        yield return Edit("a kernel with a root that is only in a comment", FindingKind.MenuWithoutRoot, "root=/dev/nfs", "#root=/dev/nfs");
        yield return Edit("two roots", FindingKind.MenuTwoRoots, "root=/dev/nfs", "root=/dev/nfs root=/dev/sda1");
        yield return Edit("two roots over NFS", FindingKind.MenuTwoRoots, " ro ", $" nfsroot=192.168.0.5:{Root} ro ");
    }

    private static IEnumerable<PlantedFault> OfSense()
    {
        yield return Whole("an empty menu", FindingKind.MenuBootsNothing, "");
        yield return Whole("a menu of comments", FindingKind.MenuBootsNothing, $"# multiboot2 {Xen}\n# module2 {Kernel}\n");
        yield return Whole("a menu with a page of a proxy", FindingKind.MenuBootsNothing, "<html>not found</html>\n");
        yield return Whole("an entry that only says that it boots", FindingKind.MenuBootsNothing, $"menuentry 'Dom0' {{\n  echo 'linux {Kernel}'\n}}\n".Replace("/generations", "/of"));
        yield return Edit("a hypervisor without a kernel", FindingKind.MenuHalfOfXen, "module2", "echo");
        yield return Edit("a kernel as a module of no hypervisor", FindingKind.MenuHalfOfXen, "multiboot2", "echo");
        yield return Whole("a kernel before its hypervisor", FindingKind.MenuHalfOfXen, $"menuentry 'Dom0' {{\n  module2 {Kernel} root=/dev/nfs nfsroot=192.168.0.5:{Root}\n  multiboot2 {Xen}\n}}\n");
        yield return Whole("a hypervisor and its kernel in two entries", FindingKind.MenuHalfOfXen, $"menuentry 'Xen' {{\n  multiboot2 {Xen}\n}}\nmenuentry 'Linux' {{ linux {Kernel} root=/dev/nfs nfsroot=192.168.0.5:{Root}; }}\n");
    }

    private static PlantedFault Edit(string name, FindingKind kind, string old, string now) => new(name, kind, "/grub/" + Dom0, whole => whole.EditMenu(Dom0, text => text.Replace(old, now)));

    private static PlantedFault Line(string name, FindingKind kind, string line) => new(name, kind, "/grub/" + Dom0, whole => whole.EditMenu(Dom0, text => $"{text}{line}\n"));

    private static PlantedFault Whole(string name, FindingKind kind, string text) => new(name, kind, "/grub/" + Dom0, whole => whole.EditMenu(Dom0, _ => text));
}
