using System.Collections.Immutable;
using System.Text;
using Dom0Image.Posix;
using Dom0Image.Processes;
using Dom0Image.Recipes;
using Dom0Image.RootFs.Image;
using Dom0Image.RootFs.RamTree;
using Dom0Image.Store;

namespace Dom0Image.Auditing;

/// <summary>
/// Plants a write at each stage of an audited client's life, by what starts the image's own programs there: its init, PAM,
/// cron. An audit that does not find all of them in its result was blind.
/// </summary>
internal static class AuditPlants
{
    private const string Script = AuditStage.Place + "/plant";
    private const string Units = "/usr/lib/systemd/system";
    private const int Executable = 0b111_101_101;
    private const int Readable = 0b110_100_100;

    /// <summary>Plants them in the lab's copy of a root.</summary>
    /// <param name="root">The copy, finished as an image is.</param>
    /// <param name="init">Its init.</param>
    /// <param name="context">Runs the image's own insserv, where it has one.</param>
    /// <returns>The stages whose writes the audit must find.</returns>
    public static async Task<ImmutableArray<AuditStage>> InstallAsync(string root, InitSystem init, StageContext context)
    {
        ImageDirectory.Ensure(root, AuditStage.Place);
        Put(root, Script, AuditFiles.Script("plant.sh"), Executable);
        List<AuditStage> stages = [AuditStage.BeforeUdev, AuditStage.SystemStart, AuditStage.Service, AuditStage.LogIn];
        AddToLogIns(root);
        if (ContainedPath.Exists(root, "/usr/sbin/sshd"))
        {
            stages.Add(AuditStage.RemoteLogIn);
        }

        if (init == InitSystem.Systemd)
        {
            AddUnits(root);
            stages.Add(AuditStage.Timer);
        }
        else
        {
            await AddScriptsAsync(root, context).ConfigureAwait(false);
        }

        if (StartsCron(root, init))
        {
            Put(root, "/etc/cron.d/write-audit", $"* * * * * root {Script} {AuditStage.Cron.Name}\n", Readable);
            stages.Add(AuditStage.Cron);
        }

        stages.Add(AuditStage.Last);
        return [.. stages];
    }

    /// <summary>The command by which a client waits until all that comes by itself is there, or will not come: cron's next minute is the last.</summary>
    /// <param name="stages">Stages at which something was planted.</param>
    public static string Await(ImmutableArray<AuditStage> stages)
        => $"n=0; for s in {string.Join(' ', stages.Select(s => s.Name))}; do while ! [ -e {AuditStage.Place}/$s ] && [ $n -lt 90 ]; do n=$((n+1)); sleep 1; done; done";

    /// <summary>The command by which the lab itself plants at a stage.</summary>
    public static string Plant(AuditStage stage) => $"{Script} {stage.Name}";

    // All who let people in include this one; cron has another.
    private static void AddToLogIns(string root)
        => File.AppendAllText(ContainedPath.Resolve(root, "/etc/pam.d/common-session"), $"session optional pam_exec.so quiet {Script} log-in\n");

    // The service has a view of its own of the root, as most services of today have.
    private static void AddUnits(string root)
    {
        Unit(AuditStage.BeforeUdev, "service", "sysinit.target", "DefaultDependencies=no\nAfter=dom0-ramtree.service\nBefore=systemd-udevd.service systemd-udev-trigger.service sysinit.target\n");
        Unit(AuditStage.SystemStart, "service", "sysinit.target", "DefaultDependencies=no\nAfter=systemd-remount-fs.service local-fs.target dom0-ramtree.service\nBefore=sysinit.target\n");
        Unit(AuditStage.Service, "service", "multi-user.target", "", sandbox: "PrivateMounts=yes\n");
        Unit(AuditStage.Timer, "service", null, "");
        Unit(AuditStage.Timer, "timer", "timers.target", "");

        void Unit(AuditStage stage, string kind, string? wantedBy, string order, string sandbox = "")
        {
            var name = $"write-audit-{stage.Name}.{kind}";
            var work = kind == "timer" ? "[Timer]\nOnActiveSec=5s\n" : $"[Service]\nType=oneshot\nExecStart={Plant(stage)}\n{sandbox}";
            Put(root, $"{Units}/{name}", $"[Unit]\nDescription=Write audit: {stage.About}\n{order}\n{work}", Readable);
            if (wantedBy is not null)
            {
                ImageDirectory.Ensure(root, $"{Units}/{wantedBy}.wants");
                FileChange.MakeLink(ContainedPath.ResolveName(root, $"{Units}/{wantedBy}.wants/{name}"), $"../{name}");
            }
        }
    }

    private static async Task AddScriptsAsync(string root, StageContext context)
    {
        ImmutableArray<string> names = [Add(AuditStage.BeforeUdev, "S", "mountkernfs", "udev"), Add(AuditStage.SystemStart, "S", "$local_fs", ""), Add(AuditStage.Service, "2 3 4 5", "$local_fs $remote_fs", "")];
        if (SysvOrder.Insserv(root) is { } insserv)
        {
            // The root is reached through the lab's process, which nobody sees from a PID namespace of his own.
            await context.RunAsync(new ToolCommand("chroot", (string[])[root, insserv, .. names])).ConfigureAwait(false);
            return;
        }

        FileChange.MakeLink(ContainedPath.ResolveName(root, $"/etc/rcS.d/S02{names[0]}"), $"../init.d/{names[0]}");
        FileChange.MakeLink(ContainedPath.ResolveName(root, $"/etc/rcS.d/S98{names[1]}"), $"../init.d/{names[1]}");
        FileChange.MakeLink(ContainedPath.ResolveName(root, $"/etc/rc2.d/S98{names[2]}"), $"../init.d/{names[2]}");

        string Add(AuditStage stage, string levels, string after, string before)
        {
            var name = $"write-audit-{stage.Name}";
            var script = $"""
                #!/bin/sh
                ### BEGIN INIT INFO
                # Provides:          {name}
                # Required-Start:    {after}
                # Required-Stop:
                # Should-Start:      dom0-ramtree
                # X-Start-Before:    {before}
                # Default-Start:     {levels}
                # Default-Stop:
                # Short-Description: Write audit: {stage.About}
                ### END INIT INFO
                case $1 in
                start | '') {Plant(stage)} ;;
                esac

                """;
            Put(root, $"/etc/init.d/{name}", script, Executable);
            return name;
        }
    }

    private static bool StartsCron(string root, InitSystem init)
        => FileNode.Find(ContainedPath.Resolve(root, "/etc/cron.d")) is { IsDirectory: true }
            && FileNode.Find(ContainedPath.Resolve(root, init == InitSystem.Systemd ? "/etc/systemd/system/multi-user.target.wants" : "/etc/rc2.d")) is { IsDirectory: true } services
            && services.Children().Any(node => node.Name is "cron.service" or ['S', _, _, .. "cron"]);

    private static void Put(string root, string imagePath, string content, int mode)
    {
        var path = ContainedPath.ResolveName(root, imagePath);
        FileChange.Delete(path);
        FileChange.MakeFile(path, Encoding.UTF8.GetBytes(content), mode);
    }
}
