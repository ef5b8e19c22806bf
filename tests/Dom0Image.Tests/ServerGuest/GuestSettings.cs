using Dom0Image.Processes;
using Dom0Image.Store;

namespace Dom0Image.Tests.ServerGuest;

/// <summary>What Debian's installer asks and writes: a name, a network, a disk, a way in. No server is configured here.</summary>
internal static class GuestSettings
{
    /// <summary>The guest's address: the boot server's in the example site.</summary>
    public const string Address = "192.168.0.5";

    /// <summary>Its network card: that is what udev calls a card in this slot.</summary>
    public const string Card = "ens5";

    /// <summary>The card's slot.</summary>
    public const string CardSlot = "5";

    // Work that a server does in its nights, and that would fall into a test.
    private static readonly string[] Timers = ["apt-daily.timer", "apt-daily-upgrade.timer", "dpkg-db-backup.timer", "e2scrub_all.timer", "e2scrub_reap.service", "fstrim.timer", "logrotate.timer", "man-db.timer"];

    /// <summary>Writes them into a root, and keys beside the image.</summary>
    public static async Task WriteAsync(string root, GuestImage image, StageContext context)
    {
        string At(string path)
        {
            var file = Path.Combine(root, path);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            return file;
        }

        File.WriteAllText(At("etc/hostname"), "server\n");
        File.WriteAllText(At("etc/hosts"), $"127.0.0.1\tlocalhost\n{Address}\tserver\n");
        File.WriteAllText(At("etc/fstab"), "/dev/vda / ext4 errors=remount-ro 0 1\n");
        File.WriteAllText(At("etc/network/interfaces"), $"""
            source /etc/network/interfaces.d/*

            auto lo
            iface lo inet loopback

            allow-hotplug {Card}
            iface {Card} inet static
            	address {Address}/24

            """);
        foreach (var timer in Timers)
        {
            File.CreateSymbolicLink(At($"etc/systemd/system/{timer}"), "/dev/null");
        }

        await context.RunAsync(new ToolCommand("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "server guest", "-f", image.Key));
        await context.RunAsync(new ToolCommand("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "server", "-f", At("etc/ssh/ssh_host_ed25519_key")));
        Directory.CreateDirectory(Path.Combine(root, "root/.ssh"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.Copy(image.Key + ".pub", At("root/.ssh/authorized_keys"));
        File.WriteAllText(image.KnownHosts, $"{Address} {File.ReadAllText(At("etc/ssh/ssh_host_ed25519_key.pub"))}");
    }
}
