using System.Diagnostics;
using Dom0Image.Generations;
using Dom0Image.Tests.Hosting;

namespace Dom0Image.Tests.Edits;

/// <summary>Edits of a real root, by the command as a user types it.</summary>
[Category("Integration")]
internal sealed class EditSessionSpecs
{
    // A package whose script tries what would be this machine's. Nothing here would survive it: each is refused, or the test is red.
    private const string Bait =
        """
        mkdir -p /root/bait/DEBIAN
        printf 'Package: bait\nVersion: 1\nArchitecture: all\nMaintainer: A <a@example.org>\nDescription: tries\n' >/root/bait/DEBIAN/control
        cat >/root/bait/DEBIAN/postinst <<'SCRIPT'
        #!/bin/sh
        try() { if "$@" >/dev/null 2>&1; then echo "ALLOWED $*"; else echo "refused $1"; fi; }
        try modprobe dummy
        try date -s 2020-01-01
        try mknod /root/disk b 8 0
        try mknod /root/memory c 1 1
        try sh -c 'echo 1 >/proc/sys/vm/drop_caches'
        try sh -c 'echo s >/proc/sysrq-trigger'
        try sh -c 'echo x >/sys/kernel/mm/ksm/run'
        try mount -t tmpfs tmpfs /mnt
        try umount /proc
        try mount -o remount,rw /proc/sys
        try chroot /proc/1/root/../.. test -e /srv/../etc/dom0image-of-the-machine
        try sh -c 'echo other >/proc/sys/kernel/hostname'
        try python3 -c 'import ctypes, sys; sys.exit(1 if ctypes.CDLL(None, use_errno=True).reboot(0x1234567) else 0)'
        try python3 -c 'import os; os.makedirs("/root/in", exist_ok=True); f = os.open("/", os.O_RDONLY); os.chroot("/root/in"); os.fchdir(f); [os.chdir("..") for _ in range(64)]; os.chroot("."); os.stat("/run/dom0image") and 1 / 0'
        try test -b /dev/sda
        invoke-rc.d ssh start || echo "no service"
        su -s /bin/sh -c 'echo "as $(id -un)"' nobody
        SCRIPT
        chmod 0755 /root/bait/DEBIAN/postinst
        dpkg-deb --build /root/bait /root/bait.deb
        rm -r /root/bait
        dpkg -i /root/bait.deb
        rm -rf /root/in
        """;

    private EditedGeneration _edited = null!;

    [OneTimeSetUp]
    public async Task Make() => _edited = await EditedGeneration.MakeAsync();

    [OneTimeTearDown]
    public void Delete() => _edited.Dispose();

    [TearDown]
    public async Task Clear()
    {
        foreach (var layer in _edited.Layers.List())
        {
            await _edited.RunAsync("--target=Edits", $"--drop={layer.Layer.Name}");
        }
    }

    [Test]
    public async Task I_can_install_a_package_add_a_user_and_change_a_file_and_this_machine_is_out_of_reach()
    {
        var before = ManifestReader.Read(_edited.Tree.Root);
        var (exitCode, output, errors) = await _edited.RunAsync(
            "--target=Edit", "--keep=for the lab",
            $"--command=set -eu\napt-get -y install tree\ntree --version\nuseradd --create-home --uid 1234 --shell /bin/bash anna\nprintf 'lab\\n' >/etc/issue\nsed -i 's/^#Port 22/Port 23/' /etc/ssh/sshd_config\nrm /etc/motd\n{Bait}");

        Assert.That(exitCode, Is.Zero, output + errors);
        Assert.That(output, Does.Not.Contain("ALLOWED"));
        Assert.That(output, Does.Contain("refused modprobe").And.Contain("refused date").And.Contain("refused mknod").And.Contain("refused mount").And.Contain("as nobody"));
        Assert.That(output, Does.Contain("policy-rc.d denied execution of start"));
        Assert.That(output, Does.Contain("kept as 0001").And.Contain("--target=Republish"));
        Assert.That(_edited.Holders, Is.Empty, "no mount and no process is left");
        Assert.That(ManifestComparison.Compare(before, ManifestReader.Read(_edited.Tree.Root)), Is.Empty, "the generation is as it was");

        var layer = _edited.Layers.Find("0001");
        Assert.Multiple(() =>
        {
            Assert.That(layer.Layer.Packages.Added.Select(package => (package.Name, package.Sha256 is null)), Is.EquivalentTo(new[] { ("bait", false), ("tree", true) }));
            Assert.That(layer.Layer.Settings.Users.Select(user => (user.Name, user.Uid)), Is.EqualTo(new[] { ("anna", 1234u) }));
            Assert.That(layer.Layer.Paths.Where(path => !path.Path.StartsWith("/home/anna", StringComparison.Ordinal)).Select(path => path.Path), Is.EqualTo(new[] { "/etc/issue", "/etc/motd", "/etc/ssh/sshd_config", "/root/bait.deb" }));
            Assert.That(layer.Layer.ContentSums.All(sum => File.Exists(layer.ContentOf(sum))));
            Assert.That(File.ReadAllText(Path.Combine(layer.Directory, "log")), Does.StartWith("set -eu\napt-get -y install tree\n"));
            Assert.That(Directory.GetFileSystemEntries(_edited.Layers.Home).Select(Path.GetFileName), Is.EquivalentTo(new[] { ".lock", "0001" }));
        });
        var (_, shown, _) = await _edited.RunAsync("--target=Edits", "--show=0001");
        Assert.That(shown, Does.Contain("for the lab").And.Contain("add tree ").And.Contain("(a file of yours)").And.Contain("user anna, number 1234").And.Contain("edit: /etc/ssh/sshd_config").And.Contain("delete: /etc/motd"));
    }

    [Test]
    public async Task What_packages_and_their_scripts_do_is_theirs_and_what_I_do_to_them_is_mine()
    {
        var (exitCode, output, errors) = await _edited.RunAsync(
            "--target=Edit", "--keep=the time",
            "--command=set -eu\napt-get -y install chrony\nsleep 2\nsed -i 's/^pool .*/server 192.0.2.1/' /etc/chrony/chrony.conf\nupdate-rc.d chrony disable\napt-get -y purge nano\napt-mark hold udev\nprintf x >/etc/chrony/conf.d/mine.conf\ndpkg-statoverride --update --add root root 0750 /usr/bin/less");

        Assert.That(exitCode, Is.Zero, output + errors);
        var layer = _edited.Layers.Find("0001").Layer;
        Assert.Multiple(() =>
        {
            Assert.That(layer.Packages.Added.Select(package => package.Name), Is.EqualTo(new[] { "chrony" }));
            Assert.That(layer.Packages.Removed, Is.EqualTo(new[] { "nano" }));
            Assert.That(layer.Packages.Held, Is.EqualTo(new[] { "udev" }));
            Assert.That(layer.Settings.Users.Concat<object>(layer.Settings.RemovedUsers), Is.Empty, "the package makes its user again");
            Assert.That(layer.Settings.Services, Is.EqualTo(new Dictionary<string, bool> { ["chrony"] = false }));
            Assert.That(layer.Settings.StatOverrides, Is.EqualTo(new Dictionary<string, string?> { ["/usr/bin/less"] = "root root 750" }));
            Assert.That(layer.Paths.Select(path => path.Path), Is.EqualTo(new[] { "/etc/chrony/chrony.conf", "/etc/chrony/conf.d/mine.conf" }));
            Assert.That(layer.Paths.Where(path => path.Path == "/etc/chrony/chrony.conf").Select(path => path.Old?.Mode), Is.EqualTo(new[] { "0644" }), "what the package brought is what was edited");
        });
    }

    [Test]
    public async Task A_kill_leaves_nothing_on_the_machine_and_I_go_on_where_I_was()
    {
        using (var first = TheCommand.Start(_edited.Words("--target=Edit", "--keep=never", "--command=printf one >/etc/one; sync; echo R''EADY; sleep 600 & sleep 600")))
        {
            await first.SeeAsync("READY");
            var (refused, _, why) = await _edited.RunAsync("--target=Edit", "--drop", "--command=true");
            Assert.That(refused, Is.Not.Zero);
            Assert.That(why, Does.Contain($"recipe trixie is being edited: process {first.Id}, running since "));
            Assert.That(_edited.Holders, Is.Not.Empty);

            using var process = Process.GetProcessById(first.Id);
            process.Kill();
            process.WaitForExit();
        }

        for (var i = 0; i < 100 && _edited.Holders.Any(); i++)
        {
            await Task.Delay(100);
        }

        Assert.That(_edited.Holders, Is.Empty);
        var (exitCode, _, errors) = await _edited.RunAsync("--target=Edit", "--drop", "--command=true");
        Assert.That(exitCode, Is.Not.Zero);
        Assert.That(errors, Does.Contain("did not come to its end").And.Contain("--resume goes on with it"));

        var (resumed, output, problem) = await _edited.RunAsync("--target=Edit", "--resume", "--command=cat /etc/one; printf two >/etc/two", "--keep=both");
        Assert.That(resumed, Is.Zero, output + problem);
        Assert.That(_edited.Layers.List().Single().Layer.Paths.Select(path => path.Path), Is.EqualTo(new[] { "/etc/one", "/etc/two" }));
    }

    [Test]
    public async Task A_command_that_fails_keeps_nothing_and_I_can_drop_what_it_did()
    {
        var (exitCode, _, errors) = await _edited.RunAsync("--target=Edit", "--keep=never", "--command=printf x >/etc/x; echo sorry >&2; false");

        Assert.That(exitCode, Is.Not.Zero);
        Assert.That(errors, Does.Contain("the command ended with exit code 1, and nothing is kept").And.Contain("sorry").And.Contain("--target=Edit --drop drops it"));
        var (dropped, output, _) = await _edited.RunAsync("--target=Edit", "--drop");
        Assert.That(dropped, Is.Zero, output);
        Assert.That(Directory.GetFileSystemEntries(_edited.Layers.Home).Select(Path.GetFileName), Is.EqualTo(new[] { ".lock" }));
    }

    [Test]
    public async Task At_a_terminal_I_have_a_shell_see_what_changed_and_say_why()
    {
        var line = string.Join(' ', new[] { "env", "TERM=dumb", Environment.ProcessPath!, Path.Combine(AppContext.BaseDirectory, "dom0image.dll") }.Concat(_edited.Words("--target=Edit")).Select(word => $"'{word}'"));
        using var terminal = new Terminal(line);
        await terminal.SeeAsync("root@edit-");
        await terminal.TypeAsync("tty; printf 'typed\\n' >/etc/typed; printf x >/root/.lesshst\n");
        await terminal.SeeAsync("/dev/pts/0");
        await terminal.TypeAsync("exit\n");
        await terminal.SeeAsync("Keep it (k), drop it (d)");
        await terminal.TypeAsync("b\n");
        await terminal.SeeAsync("This is an edit of");
        await Task.Delay(3000);
        await terminal.TypeAsync("cat /etc/typed; exit\n");
        await terminal.SeeAsync("Keep it (k), drop it (d)");
        await terminal.TypeAsync("k\n");
        await terminal.SeeAsync("Why?");
        await terminal.TypeAsync("typed it\n");
        await terminal.SeeAsync("kept as 0001");

        var layer = _edited.Layers.Find("0001");
        Assert.That(layer.Layer.Why, Is.EqualTo("typed it"));
        Assert.That(layer.Layer.Paths.Select(path => path.Path), Is.EqualTo(new[] { "/etc/typed" }));
        Assert.That(File.ReadAllText(Path.Combine(layer.Directory, "log")), Does.Contain("printf 'typed\\n' >/etc/typed"));
        Assert.That(terminal.All, Does.Contain("/root/.lesshst: it is one person's"));
    }

    /// <summary>A program at a terminal, and somebody who types.</summary>
    private sealed class Terminal : IDisposable
    {
        private readonly Process _process;
        private readonly System.Text.StringBuilder _all = new();
        private int _seen;

        public Terminal(string line)
        {
            _process = Process.Start(new ProcessStartInfo("script", ["--quiet", "--flush", "--return", "--command", line, "/dev/null"]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
            _ = Task.Run(async () =>
            {
                var buffer = new char[4096];
                while (await _process.StandardOutput.ReadAsync(buffer) is > 0 and var read)
                {
                    lock (_all)
                    {
                        _all.Append(buffer, 0, read);
                    }
                }
            });
        }

        public string All
        {
            get
            {
                lock (_all)
                {
                    return _all.ToString();
                }
            }
        }

        /// <summary>Waits for a text that comes after the last one.</summary>
        public async Task SeeAsync(string text)
        {
            var waited = Stopwatch.StartNew();
            int at;
            while ((at = All.IndexOf(text, _seen, StringComparison.Ordinal)) < 0)
            {
                Assert.That(waited.Elapsed, Is.LessThan(TimeSpan.FromMinutes(3)), () => $"no '{text}' in: {All}");
                await Task.Delay(50);
            }

            _seen = at + text.Length;
        }

        public async Task TypeAsync(string text)
        {
            await _process.StandardInput.WriteAsync(text);
            await _process.StandardInput.FlushAsync();
        }

        public void Dispose()
        {
            if (!_process.HasExited)
            {
                _process.Kill(entireProcessTree: true);
                _process.WaitForExit();
            }

            _process.Dispose();
        }
    }
}
