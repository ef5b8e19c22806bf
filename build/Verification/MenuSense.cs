using Dom0Image.Menus;

namespace Dom0Image.Verification;

/// <summary>What a menu of the boot server does makes sense: each entry starts a whole system, from one server, with one root.</summary>
internal static class MenuSense
{
    private const string RootDevice = "root=";
    private const string NfsRoot = "root=/dev/nfs";

    /// <summary>Checks a menu that is to boot a generation.</summary>
    /// <param name="name">Its name, as clients have it.</param>
    /// <param name="menu">What it says.</param>
    public static IEnumerable<Finding> Check(string name, MenuText menu)
    {
        if (menu.Loads.IsEmpty && menu.Menus.IsEmpty)
        {
            yield return new Finding(FindingKind.MenuBootsNothing, name, "boots nothing", "Publish the site's menus again");
        }

        foreach (var word in menu.Untold)
        {
            yield return new Finding(FindingKind.MenuUntold, name, $"names {word}, and only GRUB can tell what that is", "Write the name itself");
        }

        foreach (var entry in menu.Loads.GroupBy(load => load.Entry))
        {
            foreach (var finding in CheckEntry(name, menu, [.. entry]))
            {
                yield return finding;
            }
        }
    }

    private static IEnumerable<Finding> CheckEntry(string name, MenuText menu, MenuLoad[] loads)
    {
        foreach (var load in loads.Where(load => load is { IsKnown: true, IsOwn: false }))
        {
            yield return new Finding(FindingKind.MenuOtherServer, name, $"loads {load.File} from ({load.Device}){(menu.Server is null ? "" : $", and its root is (tftp,{menu.Server})")}", "Kernel, hypervisor and root of a menu come from the boot server");
        }

        var hypervisor = Array.FindIndex(loads, load => load.Command is MenuCommand.Hypervisor);
        var dom0 = Array.FindIndex(loads, load => load.Command is MenuCommand.Module);
        foreach (var load in loads.Where(load => load.IsOwn && DirectoryOf(load, dom0 < 0 ? null : loads[dom0]) is { } directory && Path.GetFileName(Path.GetDirectoryName(load.File)) != directory))
        {
            yield return new Finding(FindingKind.MenuFileMisused, name, $"takes {load.File} for {(load.Command is MenuCommand.Hypervisor ? "a hypervisor" : "a kernel")}", $"Those are in {DirectoryOf(load, load)}/");
        }

        if ((hypervisor < 0) != (dom0 < 0) || dom0 < hypervisor)
        {
            yield return new Finding(FindingKind.MenuHalfOfXen, name, hypervisor < 0 ? $"loads {loads[dom0].File} as a module of no hypervisor" : $"starts {loads[hypervisor].File} without a kernel after it", "The hypervisor is loaded by 'multiboot2', and then its kernel by 'module2'");
        }

        foreach (var kernel in loads.Where(load => load.Command is MenuCommand.Kernel).Concat(dom0 < 0 ? [] : [loads[dom0]]))
        {
            foreach (var finding in CheckKernel(name, menu, kernel))
            {
                yield return finding;
            }
        }
    }

    private static IEnumerable<Finding> CheckKernel(string name, MenuText menu, MenuLoad kernel)
    {
        string[] devices = [.. kernel.Options.Where(option => option.StartsWith(RootDevice, StringComparison.Ordinal))];
        var roots = kernel.NfsRoots.ToList();
        if (devices.Length > 1 || roots.Count > 1)
        {
            yield return new Finding(FindingKind.MenuTwoRoots, name, $"gives {kernel.File} more than one root: {string.Join(' ', devices.Length > 1 ? devices : roots.Select(root => root.Directory))}", "The kernel takes the last of them. Leave one");
        }
        else if (devices is not [NfsRoot] || roots.Count == 0)
        {
            yield return new Finding(FindingKind.MenuWithoutRoot, name, $"gives {kernel.File} no root over NFS", $"It needs {NfsRoot} and nfsroot=SERVER:DIRECTORY");
        }

        foreach (var (server, directory) in roots.Where(root => menu.Server is not null && root.Server is not null && root.Server != menu.Server))
        {
            yield return new Finding(FindingKind.MenuOtherServer, name, $"mounts {directory} from {server}, and its root is (tftp,{menu.Server})", "Kernel, hypervisor and root of a menu come from the boot server");
        }
    }

    // Further modules of the hypervisor are no kernels.
    private static string? DirectoryOf(MenuLoad load, MenuLoad? dom0) => load.Command switch
    {
        MenuCommand.Hypervisor => "hypervisors",
        MenuCommand.Kernel => "kernels",
        MenuCommand.Module when ReferenceEquals(load, dom0) => "kernels",
        _ => null,
    };
}
