using System.Globalization;
using System.Text;
using Dom0Image.Generations;
using Dom0Image.Posix;
using Dom0Image.Processes;
using Dom0Image.Recipes;
using Dom0Image.Store;

namespace Dom0Image.BootTesting.Checks;

/// <summary>
/// The script that a booted client runs on itself, made from the same flash list as the image. POSIX sh and the
/// programs of a minimal Debian; it writes lines that <see cref="ClientTestimony"/> reads.
/// </summary>
internal static class CheckScript
{
    /// <summary>The script for a client.</summary>
    /// <param name="plan">What it is held against.</param>
    /// <param name="bootEnd">How long the script waits, at its start, for services that still start.</param>
    public static string For(ClientExpectation plan, TimeSpan bootEnd)
    {
        var script = new StringBuilder(Resource("check-head.sh"));
        script.Append(Resource("check-logs.sh"));
        if (plan.Init == InitSystem.Systemd)
        {
            script.Append(Resource("check-systemd.sh"));
            script.Append(CultureInfo.InvariantCulture, $"boot_ended {bootEnd.TotalSeconds:F0}\nall_devices\n");
        }

        script.Append(Line("root_nfs", $"{plan.Server}:{plan.RootPath}"));
        script.Append(Line("host_name", plan.HostName));
        foreach (var entry in plan.Flash)
        {
            var owner = $"{entry.User}:{entry.Group}";
            var mode = OctalMode.AsStatPrints(entry.Mode);
            var moved = "/flash" + entry.Path;
            script.Append(entry.Kind == FlashKind.Symlink ? Line("flash_symlink", moved) : Line("flash_entry", moved, mode, owner, Kind(entry.Kind)));
            if (entry.HasLink)
            {
                script.Append(Line("flash_link", entry.Path, moved));
            }

            if (entry.Kind != FlashKind.Symlink)
            {
                script.Append(Line(entry.Kind == FlashKind.Directory ? "writable_directory" : "writable_file", entry.Path));
            }
        }

        foreach (var directory in plan.ReadOnly)
        {
            script.Append(Line("read_only", directory));
        }

        script.Append(Line("images", Way(plan.Images), $"{plan.Server}:{Places.DomUImages}"));
        script.Append(Resource("check-system.sh"));
        script.Append(Resource("check-network.sh")).Append(Line("lease", plan.AddressIsLent ? "lent" : "own")).Append(Line("root_card", plan.RootCard));
        if (plan.Init == InitSystem.Sysvinit)
        {
            plan.FailedServices.ToList().ForEach(service => script.Append(Line("log_of", service, "/var/log")));
        }

        script.Append(plan.Init == InitSystem.Systemd ? "systemd_services\n" : "");
        script.Append(plan.Xen ? Resource("check-xen.sh") : "");
        script.Append("echo end\n");
        return script.ToString();
    }

    private static string Way(ImagesExport images) => images switch
    {
        ImagesExport.ReadWrite => "read-write",
        ImagesExport.ReadOnly => "read-only",
        _ => "none",
    };

    private static string Kind(FlashKind kind) => kind == FlashKind.Directory ? "directory" : "regular";

    private static string Line(string function, params string[] arguments)
        => string.Join(' ', arguments.Select(ShellWord.Quote).Prepend(function)) + "\n";

    /// <summary>A part of the script, as it lies in the sources.</summary>
    internal static string Resource(string name) => EmbeddedText.Of($"BootTesting/{name}");
}
