using System.Text;
using Dom0Image.Diagnostics;
using Dom0Image.Posix;
using Dom0Image.Recipes;
using Dom0Image.RootFs.Flash;
using Dom0Image.RootFs.Image;
using Dom0Image.Store;

namespace Dom0Image.RootFs.RamTree;

/// <summary>Puts into a relocated image what its clients need to build their RAM tree at boot, and has the init system start it first.</summary>
internal static class RamTreeInit
{
    private const int Executable = 0b111_101_101;
    private const int Readable = 0b110_100_100;

    /// <summary>
    /// Installs the scripts and registers them with the image's init. The archive that the script unpacks is written
    /// later, when nothing changes any more: <see cref="RamTreeArchive"/>.
    /// </summary>
    /// <param name="context">Runs the image's own insserv, where it has one.</param>
    /// <param name="root">The image's root on this machine, absolute.</param>
    /// <param name="recipe">What the image is.</param>
    /// <exception cref="BuildFailedException">The image cannot start the scripts in time, or has no place for host keys.</exception>
    public static async Task InstallAsync(StageContext context, string root, Recipe recipe)
    {
        RequirePlaceForHostKeys(root, recipe);
        ImageDirectory.Ensure(root, FlashPaths.Support);
        ImageDirectory.Ensure(root, FlashPaths.Aside);
        if (RamTreeScripts.NeedsDevices(recipe))
        {
            DeviceArchive.Write(root);
        }

        if (recipe.Init == InitSystem.Systemd)
        {
            InstallUnit(root, RamTreeScripts.RamTree, RamTreeScripts.RamTreeScript(recipe));
            InstallUnit(root, RamTreeScripts.Identity, RamTreeScripts.IdentityScript(recipe));
        }
        else
        {
            ImageDirectory.Ensure(root, "/etc/init.d");
            Put(root, $"/etc/init.d/{RamTreeScripts.RamTree}", RamTreeScripts.RamTreeScript(recipe, SysvOrder.StartedAtBoot(root)), Executable);
            Put(root, $"/etc/init.d/{RamTreeScripts.Identity}", RamTreeScripts.IdentityScript(recipe), Executable);
            await SysvOrder.RegisterAsync(context, root).ConfigureAwait(false);
        }
    }

    private static void InstallUnit(string root, string service, string script)
    {
        const string Units = "/usr/lib/systemd/system";
        const string Wants = Units + "/sysinit.target.wants";
        Put(root, $"{FlashPaths.Support}/{service}", script, Executable);
        ImageDirectory.Ensure(root, Wants);
        Put(root, $"{Units}/{service}.service", RamTreeScripts.Unit(service), Readable);
        var link = ContainedPath.ResolveName(root, $"{Wants}/{service}.service");
        FileChange.Delete(link);
        FileChange.MakeLink(link, $"../{service}.service");
    }

    private static void RequirePlaceForHostKeys(string root, Recipe recipe)
    {
        if (ContainedPath.Exists(root, "/usr/sbin/sshd") && RamTreeScripts.HostKeyTypes(recipe.Flash).Length == 0)
        {
            throw new BuildFailedException(new Diagnostic("the image has an SSH server, and the flash list has no place for each client's own host keys")
            {
                Where = new SourceLocation(recipe.File),
                Expected = "an entry for /etc/ssh, a directory that starts with content",
            });
        }
    }

    private static void Put(string root, string imagePath, string content, int mode)
    {
        var path = ContainedPath.ResolveName(root, imagePath);
        FileChange.Delete(path);
        FileChange.MakeFile(path, Encoding.UTF8.GetBytes(content), mode);
    }
}
