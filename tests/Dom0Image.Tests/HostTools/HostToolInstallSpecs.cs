using Dom0Image.Processes;
using Dom0Image.Tests.CommandLine;

namespace Dom0Image.Tests.HostTools;

/// <summary>
/// The real program and the real apt on a throw-away copy of this machine: an overlay over its root, in namespaces of its own.
/// </summary>
[Category("Integration")]
internal sealed class HostToolInstallSpecs
{
    // Arguments: a directory, the checkout, the directory of dotnet, the program. Prints what the specs look at.
    private const string Script = """
        base=$1 checkout=$2 runtime=$3 program=$4
        mount -t tmpfs tmpfs "$base"
        mkdir "$base/upper" "$base/work" "$base/root"
        mount -t overlay overlay -o "lowerdir=/,upperdir=$base/upper,workdir=$base/work" "$base/root"
        cd "$base/root"
        mount -t proc proc proc
        mount --rbind /dev dev
        mount -t tmpfs tmpfs tmp
        for directory in "$checkout" "$runtime"; do
            mkdir -p ".$directory"
            mount --bind "$directory" ".$directory"
        done
        cp --remove-destination "$(readlink -f /etc/resolv.conf)" etc/resolv.conf
        rm -f usr/sbin/policy-rc.d
        chroot . update-rc.d isc-dhcp-server enable
        chroot . update-rc.d tftpd-hpa enable
        chroot . dpkg --remove --force-depends tftpd-hpa >/dev/null
        chroot . "$runtime/dotnet" "$program" --target=HostTools --boot-test=no --store=/tmp/store
        echo "installed: $(chroot . dpkg-query -W -f='${Status}' tftpd-hpa)"
        echo "policy left behind: $(ls usr/sbin/policy-rc.d 2>/dev/null || echo none)"
        echo "start with the machine: $(ls etc/rc2.d | grep -E '^S..(tftpd-hpa|isc-dhcp-server)$')"
        echo "servers: $(grep -l in.tftpd proc/[0-9]*/comm 2>/dev/null || echo none)"
        """;

    [Test]
    public async Task I_get_what_lacks_listed_and_installed_and_no_server_started()
    {
        var directory = Directory.CreateTempSubdirectory("fresh-").FullName;
        try
        {
            var result = await new ToolRunner().RunAsync(IsolatedScript.Command(
                Script, directory, Checkout.Root, Path.GetDirectoryName(Environment.ProcessPath)!, Path.Combine(AppContext.BaseDirectory, "dom0image.dll")));

            Assert.That(result.Output, Does.Contain("lacking for TFTP server: tftpd-hpa"));
            Assert.That(result.Output, Does.Match(@"host tools: done in .*\(1 packages\)"));
            Assert.That(result.Output, Does.Contain("installed: install ok installed"));
            Assert.That(result.Output, Does.Contain("policy left behind: none"));
            Assert.That(result.Output, Does.Contain("servers: none"));
            Assert.That(result.Output, Does.Contain("installed and left disabled: tftpd-hpa; --target=Serve"));
            Assert.That(result.Output, Does.Match(@"start with the machine: S..isc-dhcp-server\nservers: "), "the one that was there, and no other");
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }
}
