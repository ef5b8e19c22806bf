using Dom0Image.Generations;
using Dom0Image.Posix;

namespace Dom0Image.Tests.Pipeline;

/// <summary>The whole command on hosts where shells make files that nobody else can read, or that all can write.</summary>
[Category("Slow")]
internal sealed class UmaskSpecs
{
    private const UnixFileMode OthersRead = UnixFileMode.OtherRead;
    private const UnixFileMode OthersEnter = UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    [Test]
    public async Task I_can_publish_with_any_umask_and_servers_that_are_not_root_get_at_it()
    {
        using var project = await SmallProject.MakeAsync();
        // First, so that the stages are made with it, too.
        var strict = await PublishAsync(project, "077");
        var usual = await PublishAsync(project, "022");
        var open = await PublishAsync(project, "000");

        string[] served =
        [
            .. new[] { "", "/opt", Places.Images, Places.Generations, Places.DomUImages }.Select(strict.OnDisk),
            .. Tree(strict.OnDisk(Places.Tftp)),
            .. Tree(strict.OnDisk("/etc")),
        ];
        Assert.That(served.Count(path => Path.GetFileName(path).StartsWith("core.", StringComparison.Ordinal)), Is.EqualTo(2), "boot loaders are among them");
        Assert.That(served.Where(path => !IsOpen(path)), Is.Empty);
        Assert.That(Modes(strict), Is.EqualTo(Modes(usual)), "077");
        Assert.That(Modes(open), Is.EqualTo(Modes(usual)), "000");
    }

    private static async Task<Places> PublishAsync(SmallProject project, string umask)
    {
        var places = new Places(Path.Combine(project.Path, $"umask-{umask}"));
        var (exitCode, output, errors) = await project.RunUnderAsync(["sh", "-c", "umask \"$1\" && shift && exec \"$@\"", "sh", umask], places.Prefix, project.Store.Root);
        Assert.That(exitCode, Is.Zero, output + errors);
        return places;
    }

    private static string[] Modes(Places places)
        => [.. Nodes(places.Prefix).Select(node => $"{node.Path[places.Prefix.Length..]}: {node.Mode}").Order(StringComparer.Ordinal)];

    private static IEnumerable<string> Tree(string directory) => Nodes(directory).Select(node => node.Path);

    // Without links, which have no modes.
    private static IEnumerable<FileNode> Nodes(string directory) => FileNode.Get(directory).Below().Where(node => !node.IsLink).Prepend(FileNode.Get(directory));

    private static bool IsOpen(string path)
    {
        var needed = Directory.Exists(path) ? OthersEnter : OthersRead;
        return (File.GetUnixFileMode(path) & needed) == needed;
    }
}
