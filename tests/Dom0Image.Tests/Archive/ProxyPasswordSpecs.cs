using System.Diagnostics;
using System.Text;
using Dom0Image.Diagnostics;
using Dom0Image.Processes;
using Dom0Image.Store;
using Dom0Image.Tests.BaseLayer;

namespace Dom0Image.Tests.Archive;

/// <summary>A proxy's password in the settings of this machine's apt is for root alone, as is the file that it comes from.</summary>
internal sealed class ProxyPasswordSpecs
{
    private const string Password = "s3cret-of-the-proxy";

    private TempDirectory _temp = null!;
    private SignedArchive _archive = null!;
    private FaultyMirror _mirror = null!;

    private BuildStore Store => new(_temp["store"]);

    // As on a host whose apt is told of a proxy. The tests' mirror is not asked through it.
    private string[] UnderSuchAHost
        => ["env", $"APT_CONFIG={_temp.Write("host-apt.conf", $"Acquire::http::Proxy::mirror.example.org \"http://user:{Password}@proxy.example.org:3128/\";\n")}", "sh", "-c", "umask 022; exec \"$@\"", "sh"];

    [SetUp]
    public void MakeArchive()
    {
        _temp = new TempDirectory();
        _archive = new SignedArchive(_temp);
        _mirror = new FaultyMirror(_archive.Root);
    }

    [TearDown]
    public void Delete()
    {
        _mirror.Dispose();
        _archive.Dispose();
        _temp.Dispose();
    }

    [Test]
    public void I_find_it_in_no_log_and_in_no_file_that_others_can_read_after_a_fetch()
    {
        var (exitCode, output, errors) = HostProcess.Run(UnderSuchAHost, "fetch", Store.Root, $"{_mirror.Uri}", _archive.Keyring, "sample");

        Assert.That(exitCode, Is.Zero, errors);
        Assert.That(output + errors, Does.Not.Contain(Password));
        var log = Directory.GetFiles(Store.Logs, "tools.log", SearchOption.AllDirectories).Single();
        Assert.That(File.ReadAllText(log), Does.Contain("apt-config dump --no-empty Acquire  # output not shown").And.Contain("apt-get update").And.Not.Contain(Password));
        Assert.That(File.GetUnixFileMode(log), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
        Assert.That(WithPassword().Append(log).Where(OthersCanRead), Is.Empty);
        Assert.That(WithPassword().Select(Path.GetFileName), Is.Not.Empty.And.All.EqualTo("apt.conf"), "apt is told of the proxy");
        Assert.That(WithPassword().Select(File.GetUnixFileMode), Is.All.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
    }

    [Test]
    public void I_close_settings_and_logs_that_an_earlier_version_left_open()
    {
        HostProcess.Run(UnderSuchAHost, "fetch", Store.Root, $"{_mirror.Uri}", _archive.Keyring, "sample");
        var settings = WithPassword();
        var old = _temp.Write("store/logs/20260101-000000-1/tools.log", Password);
        foreach (var file in settings.Append(old))
        {
            File.SetUnixFileMode(file, File.GetUnixFileMode(file) | UnixFileMode.OtherRead);
        }

        File.SetUnixFileMode(Store.Logs, (UnixFileMode)0b111_101_101);
        // A kept file is not asked for again; another package is.
        _archive.Add("other", "1", _temp.Make("other"));

        HostProcess.Run(UnderSuchAHost, "fetch", Store.Root, $"{_mirror.Uri}", _archive.Keyring, "other");

        Assert.That(WithPassword(), Is.EquivalentTo(settings.Append(old)));
        Assert.That(WithPassword().Where(OthersCanRead), Is.Empty);
    }

    [Test]
    public void I_show_it_to_nobody_while_a_base_layer_is_made()
    {
        _mirror.Faults["Packages"] = Fault.Stalled;
        using var build = HostProcess.Start(UnderSuchAHost, "base-layer", Store.Root, $"{_mirror.Uri}", _archive.Keyring);
        var watch = Stopwatch.StartNew();
        while (!WithPassword().Any(file => file.EndsWith("/99mmdebstrap", StringComparison.Ordinal)))
        {
            Assert.That(watch.Elapsed, Is.LessThan(TimeSpan.FromMinutes(5)), "the bootstrapper has the proxy");
            Thread.Sleep(50);
        }

        Assert.That(WithPassword().Where(OthersCanRead), Is.Empty);
    }

    [Test]
    public void I_am_not_shown_secret_output_when_the_tool_fails()
    {
        var log = _temp["log/tools.log"];
        var command = new ToolCommand("sh", "-c", "echo $0; echo broken >&2; exit 3", "secret") { OutputIsSecret = true };

        var problem = Assert.ThrowsAsync<ToolFailedException>(() => new ToolRunner(log).RunAsync(command))!;

        Assert.That(problem.LastLines, Is.EqualTo(new[] { "broken" }));
        Assert.That(File.ReadAllLines(log).Skip(1), Has.None.Contain("secret"));
    }

    // What goes away while it is looked at is none, and neither are device nodes.
    private List<string> WithPassword()
    {
        var password = Encoding.ASCII.GetBytes(Password);
        return [.. Files().Where(file =>
        {
            try
            {
                return new FileInfo(file).Length > 0 && File.ReadAllBytes(file).AsSpan().IndexOf(password) >= 0;
            }
            catch (IOException)
            {
                return false;
            }
        })];
    }

    private List<string> Files()
    {
        try
        {
            return Directory.Exists(Store.Root)
                ? [.. Directory.EnumerateFiles(Store.Root, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint })]
                : [];
        }
        catch (DirectoryNotFoundException)
        {
            return [];
        }
    }

    // By its mode and by those of the directories between it and the store, which itself is open to all.
    private bool OthersCanRead(string file)
    {
        if (!File.GetUnixFileMode(file).HasFlag(UnixFileMode.OtherRead))
        {
            return false;
        }

        for (var directory = Path.GetDirectoryName(file)!; directory.Length > Store.Root.Length; directory = Path.GetDirectoryName(directory)!)
        {
            if (!File.GetUnixFileMode(directory).HasFlag(UnixFileMode.OtherExecute))
            {
                return false;
            }
        }

        return true;
    }
}
