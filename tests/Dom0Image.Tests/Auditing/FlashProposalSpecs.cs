using System.Collections.Immutable;
using Dom0Image.Auditing;
using Dom0Image.CommandLine;
using Dom0Image.Diagnostics;
using Dom0Image.Recipes;

namespace Dom0Image.Tests.Auditing;

/// <summary>The lines that an audit proposes, and how they get into a recipe.</summary>
internal sealed class FlashProposalSpecs
{
    private static readonly FlashList List = new(128L << 20, [new FlashEntry("/etc/resolv.conf", FlashKind.File, 0b110_100_100, "root", "root", FlashStart.Empty), new FlashEntry("/var/log", FlashKind.Directory, 0b111_101_101, "root", "root", FlashStart.Tree)]);

    private readonly List<string> _listing = [];
    private readonly List<string> _events = [];
    private TempDirectory _root = null!;

    [SetUp]
    public void MakeImage()
    {
        _listing.Clear();
        _events.Clear();
        _root = new TempDirectory();
        _root.Write("etc/passwd", "root:x:0:0::/root:/bin/sh\nmysql:x:101:102::/:/bin/false\n");
        _root.Write("etc/group", "root:x:0:\nmysql:x:102:\n");
        _root.Make("var/lib");
        _root.Make("usr/share");
    }

    [TearDown]
    public void Delete() => _root.Dispose();

    [Test]
    public void I_get_one_line_for_a_data_directory_with_names_and_what_it_starts_with()
    {
        _root.Write("var/lib/mysql/ibdata1", "data");
        _root.Write("var/lib/mysql/aria_log_control", "data");
        _root.Make("var/lib/mysql/mysql");
        Wrote("d|755|101|102|0|var/lib/mysql", "f|660|101|102|8|var/lib/mysql/ibdata1", "f|660|101|102|8|var/lib/mysql/aria_log_control", "f|660|101|102|8|var/lib/mysql/ddl.log", "d|700|101|102|0|var/lib/mysql/mysql", "f|660|101|102|8|var/lib/mysql/mysql/a.MAI");
        _events.Add("/var/lib/mysql/tmp.pid (deleted)\t7\t/usr/sbin/mariadbd");

        Assert.That(Lines(), Is.EqualTo(new[] { "/var/lib/mysql: { owner: mysql, group: mysql, start: content }" }));
    }

    [Test]
    public void I_get_the_lowest_directory_that_holds_all_and_only_directories_where_the_image_has_no_files()
    {
        _root.Make("var/lib/thing/data");
        _root.Make("var/lib/thing/state/today");
        _root.Write("var/lib/thing/large", "stays in the image");
        Wrote("d|755|0|0|0|var/lib/thing", "d|755|0|0|0|var/lib/thing/state", "f|644|0|0|8|var/lib/thing/state/a", "f|644|0|0|8|var/lib/thing/state/b");

        Assert.That(Lines(), Is.EqualTo(new[] { "/var/lib/thing/state: { start: tree }" }));
    }

    [Test]
    public void I_get_a_directory_for_one_file_where_a_package_brought_it_and_the_file_alone_where_none_did()
    {
        _root.Write("var/lib/dpkg/info/snmpd.list", "/.\n/var\n/var/lib\n/var/lib/snmp\n");
        _root.Make("var/lib/snmp");
        _root.Make("var/lib/other");
        Wrote("d|2755|101|0|0|var/lib/snmp", "f|600|101|0|8|var/lib/snmp/snmpd.conf", "d|755|0|0|0|var/lib/other", "f|600|0|0|8|var/lib/other/seed", "d|700|0|0|0|var/agentx");

        Assert.That(Lines(), Is.EqualTo(new[] { "/var/agentx: { mode: 0700 }", "/var/lib/other/seed: { kind: file, mode: 0600 }", "/var/lib/snmp: { mode: 2755, owner: mysql }" }));
    }

    [Test]
    public void I_get_files_of_a_shared_directory_one_by_one_and_am_told_apart_what_no_line_covers()
    {
        _root.Write("etc/adjtime");
        _root.Write("etc/issue");
        _root.Write("usr/share/x");
        Wrote("d|755|0|0|0|etc", "f|644|0|0|8|etc/adjtime", "f|644|0|55|8|etc/printcap", "c|0|0|0|0|etc/issue", "f|644|0|0|8|etc/resolv.conf", "d|755|0|0|0|usr", "d|755|0|0|0|usr/share", "f|644|0|0|8|usr/share/x");
        _events.Add("/etc/.pwd.lock (deleted)\t13\tuseradd");

        var proposal = Proposal();

        Assert.That(proposal.Lines.Select(l => FlashText.Line(l.Entry)), Is.EqualTo(new[] { "/etc/adjtime: { kind: file, start: content }", "/etc/printcap: { kind: file, group: 55 }" }));
        Assert.That(proposal.Uncovered.Select(u => u.Write.Path), Is.EqualTo(new[] { "/etc/.pwd.lock", "/etc/issue", "/etc/resolv.conf", "/usr/share/x" }));
        Assert.That(proposal.Uncovered[0].Why, Does.Contain("/etc, which belongs to many, stays read-only"));
        Assert.That(proposal.Uncovered[2].Why, Does.Contain("is on the flash list, and was replaced"));
        Assert.That(proposal.Uncovered[3].Why, Does.Contain("the image cannot give it up: /usr"));
    }

    [Test]
    public void I_get_a_limit_that_has_room_for_what_the_new_lines_hold()
    {
        using (var data = File.Create(_root.Write("var/lib/mysql/ibdata1")))
        {
            data.SetLength(100L << 20);
        }

        Wrote("d|755|101|102|0|var/lib/mysql", $"f|660|101|102|{(100 << 20) / 512}|var/lib/mysql/ibdata1", "f|660|101|102|8|var/lib/mysql/new");

        Assert.That(Proposal().Size, Is.EqualTo(192L << 20));
        Assert.That(FlashText.Size(192L << 20), Is.EqualTo("192M"));
    }

    [Test]
    public void I_get_the_lines_at_their_place_in_my_recipe_and_by_apply_in_it_with_my_comments_kept()
    {
        using var mine = new TempDirectory();
        var file = mine.Write("mine.yaml", File.ReadAllText(Path.Combine(RepositoryRoot.Find(), "recipes", "trixie.yaml")));
        var recipe = RecipeReader.Read(file);
        var before = File.ReadAllLines(file);
        _root.Write("var/lib/mysql/ibdata1", "data");
        Wrote("d|755|101|102|0|var/lib/mysql", "f|660|101|102|8|var/lib/mysql/ibdata1", "f|660|101|102|8|var/lib/mysql/new");
        _events.Add("/var/lib/mysql/ibdata1\t7\t/usr/sbin/mariadbd --user=mysql");
        var proposal = Proposal() with { Size = 192L << 20 };
        var result = new AuditResult([], proposal);

        var told = Assert.Throws<BuildFailedException>(() => result.RequireClean(new FlashApplication(recipe, proposal), applied: false))!.Diagnostics;
        new FlashApplication(recipe, proposal).Write();
        var after = File.ReadAllLines(file);
        var again = RecipeReader.Read(file);

        Assert.That(told[0].ToString(), Does.StartWith($"{file}:{before.Length + 1}:5: /var/lib/mysql: 2 paths written below it, such as ibdata1, new by '/usr/sbin/mariadbd --user=mysql'")
            .And.Contain("Add to the flash list: /var/lib/mysql: { owner: mysql, group: mysql, start: content }").And.Contain("--apply"));
        Assert.That(told[1].ToString(), Does.StartWith($"{file}:{recipe.Flash.SizeWhere!.Line}:").And.EndWith("Set size: 192M"));
        Assert.That(after.Where(line => !before.Contains(line)), Is.EqualTo(new[]
        {
            "  size: 192M",
            "    # Written by the image's services, as the write audit found.",
            "    /var/lib/mysql: { owner: mysql, group: mysql, start: content } # mariadbd",
        }));
        Assert.That(before.Where(line => !after.Contains(line)), Is.EqualTo(new[] { "  size: 128M" }));
        Assert.That(again.Flash.Entries.Single(e => e.Path == "/var/lib/mysql").Start, Is.EqualTo(FlashStart.Content));
        Assert.That(again.Flash.Entries, Has.Length.EqualTo(recipe.Flash.Entries.Length + 1));
        Assert.That(() => result.RequireClean(new FlashApplication(again, proposal), applied: true), Throws.TypeOf<BuildFailedException>().With.Message.Contains("this recipe has it").And.Message.Contains("Build again"));
        Assert.That(Directory.GetFiles(mine.Path), Is.EqualTo(new[] { file }));
    }

    [TestCase("flash: { size: 8M, paths: { /tmp: { mode: 1777 } } }\n", "flash: { size: 16M, paths: { /tmp: { mode: 1777 }, /x: {} } }\n")]
    [TestCase("flash:\n  paths:\n    /tmp:\n      mode: 1777 # all\n  size: 8M # small\ninit: sysvinit\n", "flash:\n  paths:\n    /tmp:\n      mode: 1777 # all\n\n    # why\n    /x: {}\n  size: 16M # small\ninit: sysvinit\n")]
    [TestCase("flash:\r\n  size: '8M'\r\n  paths:\r\n   /tmp: {} # t", "flash:\r\n  size: 16M\r\n  paths:\r\n   /tmp: {} # t\r\n\r\n   # why\r\n   /x: {}")]
    public void I_can_write_my_list_as_YAML_allows(string before, string after)
        => Assert.That(FlashText.Of(before).With([(new FlashEntry("/x", FlashKind.Directory, 0b111_101_101, "root", "root", FlashStart.Empty), null)], "why", 16L << 20), Is.EqualTo(after));

    [TestCase("/usr/sbin/mariadbd --user=mysql", "mariadbd")]
    [TestCase("/bin/sh -e /usr/lib/postfix/configure-instance.sh -", "configure-instance.sh")]
    [TestCase("sshd: root@pts/0", "sshd")]
    [TestCase("?", "")]
    public void I_get_programs_by_their_names(string command, string name) => Assert.That(AuditedProcess.Name(command), Is.EqualTo(name));

    // With the directories that lead there.
    private void Wrote(params string[] lines)
        => _listing.AddRange(lines.Concat(lines.Any(l => l.Contains("|var/", StringComparison.Ordinal)) ? ["d|755|0|0|0|var", "d|755|0|0|0|var/lib"] : []));

    private string[] Lines()
    {
        var proposal = Proposal();
        Assert.That(proposal.Uncovered, Is.Empty);
        return [.. proposal.Lines.Select(l => FlashText.Line(l.Entry))];
    }

    private FlashProposal Proposal()
    {
        var entries = AuditEntry.ReadAll(_listing.Distinct());
        // A directory is as the client found it.
        foreach (var entry in entries.Where(e => e.IsDirectory && Directory.Exists(_root.Path + e.Path)))
        {
            Assert.That(Mono.Unix.Native.Syscall.chown(_root.Path + entry.Path, entry.User, entry.Group), Is.Zero);
            File.SetUnixFileMode(_root.Path + entry.Path, (UnixFileMode)entry.Mode);
        }

        var writes = new AuditReading(_root.Path, AuditReading.ReadProcesses(_events), []).Read(entries);
        return FlashProposer.Of(new AuditedImage(_root.Path, entries), List, writes, used: 1 << 20);
    }
}
