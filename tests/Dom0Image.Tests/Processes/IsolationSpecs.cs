using Dom0Image.Boot;
using Dom0Image.Boot.Servers;
using Dom0Image.Diagnostics;
using Dom0Image.Processes;
using Dom0Image.Tests.Boot;
using Dom0Image.Tests.CommandLine;

namespace Dom0Image.Tests.Processes;

/// <summary>
/// What mounts, and what is given servers to start and end, with each of its isolations taken away: nothing is done. The machine that it
/// would be done to is one of the test's own, so that a look that fails harms nobody.
/// </summary>
internal sealed class IsolationSpecs
{
    private static readonly string[] Machine = ["unshare", "--uts", "--ipc", "--mount", "--propagation", "private", "--net", "--pid", "--fork", "--kill-child=KILL", "--mount-proc", "--"];

    public static IEnumerable<string> Scripted()
        => BootFiles.Generate(Sites.OneServer(), generation: null).ServerFiles.Keys.Where(place => ServerFiles.At(place).Check.NeedsRoot);

    [TestCaseSource(nameof(Scripted))]
    public void A_check_of_a_server_file_that_lost_its_namespaces_touches_nothing(string place)
        => Refused(place, ["all", "knowledge", "namespaces", "mnt", "pid", "net", "propagation"], BootFiles.Generate(Sites.OneServer(), generation: null).ServerFiles[place].Content);

    [TestCase("script", "mnt", "pid", "all", "knowledge", "namespaces", "propagation")]
    [TestCase("script without network", "mnt", "pid", "net", "all", "knowledge", "namespaces", "propagation")]
    [TestCase("session", "mnt", "pid", "uts", "ipc", "all", "knowledge", "namespaces", "propagation")]
    [TestCase("script with mounts", "mnt", "all", "knowledge", "namespaces", "propagation")]
    [TestCase("tool", "mnt", "pid", "namespaces", "propagation")]
    public void What_was_to_be_on_its_own_and_is_not_does_nothing(string what, params string[] taken) => Refused(what, taken);

    [Test]
    public void Packages_are_not_installed_where_servers_could_not_be_kept_from_starting()
        => Refused("installation", ["mnt", "all", "knowledge", "namespaces", "propagation"]);

    [TestCase("lab", "mnt", "pid", "net", "namespaces", "propagation")]
    [TestCase("mounts of labs", "mnt", "namespaces", "propagation")]
    [TestCase("command in a lab", "mnt", "pid", "net", "namespaces")]
    public void A_lab_whose_network_or_mounts_would_be_the_machines_is_none(string what, params string[] taken) => Refused(what, taken);

    [Test]
    public void I_am_told_of_a_process_that_does_not_hold_the_namespaces_that_others_are_to_enter()
        => Assert.That(() => Isolation.Held.RequireHeldBy(Environment.ProcessId), Throws.TypeOf<BuildFailedException>().With.Message.Contains("its mnt namespace is this machine's"));

    /// <summary>Where there is one way to have namespaces, there is none without the look.</summary>
    [Test]
    public void Namespaces_are_made_and_entered_in_one_place()
    {
        var makers = Directory.EnumerateFiles(Path.Combine(Checkout.Root, "build"), "*.cs", SearchOption.AllDirectories)
            .Where(file => File.ReadAllText(file) is var text && (text.Contains("\"unshare\"", StringComparison.Ordinal) || text.Contains("\"nsenter\"", StringComparison.Ordinal)))
            .Select(Path.GetFileName);

        Assert.That(makers, Is.EqualTo(new[] { "Isolation.cs" }));
    }

    private static void Refused(string what, string[] taken, string text = "")
    {
        using var temp = new TempDirectory();

        var (exitCode, output, errors) = HostProcess.Run(
            Machine, ["isolation", string.Join(' ', Namespaces.Own("mnt", "net", "pid")), what, temp.Write("file", text), "nothing", .. taken]);

        Assert.That(exitCode, Is.Zero, errors);
        string[] said = output.TrimEnd().Split('\n');
        Assert.That(said, Has.None.EndsWith("the machine was changed"), output);
        Assert.That(said, Has.Length.EqualTo(taken.Length + 1), output);
        Assert.That(said[0], Is.EqualTo("nothing: done"));
        foreach (var (one, line) in taken.Zip(said.Skip(1)))
        {
            var why = (what, one) switch
            {
                (_, "propagation") => "what this mounts would be shared with the machine",
                (_, "knowledge") => "(this was not told the machine's namespaces|'.*' is no namespace of the machine's)",
                // The lab's /proc does not know the machine's processes.
                ("command in a lab", "pid") => "this cannot see its own mnt namespace",
                (_, "mnt" or "net" or "pid" or "uts" or "ipc") => $@"this is in {one}:\[[0-9]+\], which is the machine's",
                _ => @"this is in mnt:\[[0-9]+\], which is the machine's",
            };
            Assert.That(line, Does.Match($"^{one}: (.*: )?{why}; expected namespaces apart from the machine's, nothing was done"));
        }
    }
}
