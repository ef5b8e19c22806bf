using Dom0Image.Boot;
using Dom0Image.Processes;

namespace Dom0Image.Tests.Boot;

/// <summary>Files that the packages' own scripts made, on a throw-away copy of this machine.</summary>
[Category("Integration")]
internal sealed class ScriptedFileSpecs
{
    // Arguments: a directory, where the results go, the package, and what is done in turn. Answers come through standard input.
    private const string Script =
        """
        base=$1 out=$2 package=$3
        shift 3
        mount -t tmpfs tmpfs "$base"
        mkdir "$base/upper" "$base/work" "$base/root"
        mount -t overlay overlay -o "lowerdir=/,upperdir=$base/upper,workdir=$base/work" "$base/root"
        cd "$base/root"
        mount -t proc proc proc
        mount --rbind /dev dev
        mount -t tmpfs tmpfs tmp
        printf '#!/bin/sh\nexit 101\n' > usr/sbin/policy-rc.d
        chmod +x usr/sbin/policy-rc.d
        export DEBIAN_FRONTEND=noninteractive
        rm -f "etc/default/$package"
        echo PURGE | chroot . debconf-communicate "$package"
        chroot . debconf-set-selections
        for step in "$@"; do
          case $step in
            configure)
              chroot . "/var/lib/dpkg/info/$package.config" configure 1
              chroot . "/var/lib/dpkg/info/$package.postinst" configure 1 ;;
            s/*) sed -i "$step" "etc/default/$package" ;;
            *) cp "$step" "etc/default/$package" ;;
          esac
        done
        mkdir -p "$out/etc/default" "$out/var/cache/debconf"
        cp "etc/default/$package" "$out/etc/default"
        cp var/cache/debconf/*.dat "$out/var/cache/debconf"
        """;

    private Workshop _workshop = null!;

    [SetUp]
    public void Open() => _workshop = new Workshop();

    [TearDown]
    public void Close() => _workshop.Dispose();

    private string Prefix => Path.Combine(_workshop.Root, "prefix");

    [TestCase("tftpd-hpa", "")]
    [TestCase("tftpd-hpa", "tftpd-hpa tftpd-hpa/directory string /srv/elsewhere\ntftpd-hpa tftpd-hpa/options string\n")]
    [TestCase("isc-dhcp-server", "")]
    [TestCase("isc-dhcp-server", "isc-dhcp-server isc-dhcp-server/interfaces string eth0 eth1\n")]
    public async Task I_get_what_a_packages_script_made_replaced_and_kept_beside_and_what_I_changed_in_it_kept(string package, string answers)
    {
        await MakeAsync(package, answers, "configure");
        var made = File.ReadAllBytes(OnDisk(package));

        Assert.That(Write(package).Outcome, Is.EqualTo(ServerFileOutcome.ReplacedDefault));
        Assert.That(File.ReadAllText(OnDisk(package)), Is.EqualTo(Ours(package)));
        Assert.That(File.ReadAllBytes(OnDisk(package) + ".dom0image-old"), Is.EqualTo(made));

        // One character, wherever it is.
        foreach (var at in Enumerable.Range(0, 7).Select(part => part * (made.Length - 1) / 6))
        {
            byte[] changed = [.. made];
            changed[at] ^= 1;
            File.WriteAllBytes(OnDisk(package), changed);
            Assert.That(Write(package).Outcome, Is.EqualTo(ServerFileOutcome.WrittenBeside), $"byte {at}");
            Assert.That(File.ReadAllBytes(OnDisk(package)), Is.EqualTo(changed));
        }
    }

    [TestCase("tftpd-hpa", "s/:69/:6969/")]
    [TestCase("isc-dhcp-server", "s/INTERFACESv4=.*/INTERFACESv4=\"eth7\"/")]
    public async Task I_keep_what_I_changed_although_the_package_took_it_for_its_answers_since(string package, string edit)
    {
        await MakeAsync(package, "", "configure", edit, "configure");

        Assert.That(Write(package).Outcome, Is.EqualTo(ServerFileOutcome.WrittenBeside));
    }

    [TestCase("tftpd-hpa")]
    [TestCase("isc-dhcp-server")]
    public async Task I_find_our_file_as_it_was_after_the_package_was_upgraded(string package)
    {
        var ours = Path.Combine(_workshop.Root, "ours");
        File.WriteAllText(ours, Ours(package));

        await MakeAsync(package, "", "configure", ours, "configure");

        Assert.That(File.ReadAllText(OnDisk(package)), Is.EqualTo(Ours(package)));
    }

    private static string Ours(string package) => Sites.Files(Sites.OneServer()).ServerFiles[$"/etc/default/{package}"].Content;

    private string OnDisk(string package) => $"{Prefix}/etc/default/{package}";

    private ServerFileResult Write(string package)
        => new BootFilesWriter(Sites.Files(Sites.OneServer()), new PackagedFiles(Prefix)).WriteServerFiles(Prefix).Single(r => r.Place == $"/etc/default/{package}");

    private async Task MakeAsync(string package, string answers, params string[] steps)
    {
        var scratch = Directory.CreateDirectory(Path.Combine(_workshop.Root, "scratch")).FullName;
        await _workshop.Context.RunAsync(IsolatedScript.Command(Script, [scratch, Prefix, package, .. steps]) with { StandardInput = answers });
    }
}
