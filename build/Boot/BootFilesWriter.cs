using System.Collections.Immutable;
using System.Text;
using Dom0Image.Boot.Loaders;
using Dom0Image.Generations;
using Dom0Image.Posix;
using Dom0Image.Store;

namespace Dom0Image.Boot;

/// <summary>Writes boot files to disk. Each file appears whole; unchanged ones are not touched; an administrator's own stays.</summary>
/// <param name="set">What to write.</param>
/// <param name="packaged">Tells packages' defaults from an administrator's own files.</param>
internal sealed class BootFilesWriter(BootFileSet set, PackagedFiles? packaged = null)
{
    private readonly PackagedFiles _packaged = packaged ?? new PackagedFiles();

    /// <summary>Writes the menus of a set into a new directory, for all to read. Not yet written out to the disk: publishing copies them.</summary>
    /// <param name="set">The set.</param>
    /// <param name="directory">Is made.</param>
    public static void WriteMenus(BootFileSet set, string directory)
    {
        ArgumentNullException.ThrowIfNull(set);
        using var tree = new NewTree(directory);
        foreach (var (path, file) in set.Menus)
        {
            switch (file)
            {
                case BootText text:
                    tree.AddFile(path, Encoding.UTF8.GetBytes(text.Content));
                    break;
                case BootLink link:
                    tree.AddLink(path, link.Target);
                    break;
            }
        }
    }

    /// <summary>Whether what was found in a directory are the menus of a set and nothing else.</summary>
    internal static bool AreMenus(BootFileSet set, MenuReading found)
    {
        var directories = set.Menus.Keys.Select(path => Path.GetDirectoryName(path)!).ToHashSet();
        return found.Files.Count(file => !file.Value.IsDirectory) == set.Menus.Count
            && found.Files.Values.All(file => file.IsDirectory ? directories.Contains(file.Path) : set.Menus.TryGetValue(file.Path, out var menu) && Holds(file, menu));
    }

    /// <summary>Writes the servers' files below a prefix; empty for the real places.</summary>
    /// <returns>What became of each; warnings are the caller's to show.</returns>
    public ImmutableArray<ServerFileResult> WriteServerFiles(string prefix)
        => [.. set.ServerFiles.Select(f => WriteServerFile(prefix, f.Key, f.Value.Content))];

    /// <summary>Puts the network loaders into a TFTP area, such as <c>PREFIX/tftpboot</c>, where they differ.</summary>
    /// <returns>Those that changed, relative to the area.</returns>
    public static ImmutableArray<string> WriteGrubImages(GrubImages images, string tftp)
    {
        var changed = ImmutableArray.CreateBuilder<string>();
        foreach (var loader in NetworkLoaders.All)
        {
            var path = Path.Combine(tftp, loader.File);
            var image = images.Read(loader);
            if (!File.Exists(path) || !File.ReadAllBytes(path).AsSpan().SequenceEqual(image))
            {
                Put(path, image);
                changed.Add(loader.File);
            }
        }

        return changed.ToImmutable();
    }

    /// <summary>Writes all that is served beside menus: the network loaders and the servers' files.</summary>
    /// <returns>Places, without the prefix, that changed.</returns>
    public ImmutableArray<string> WriteServed(Places places, GrubImages images, IStageProgress progress)
    {
        var loaders = WriteGrubImages(images, places.OnDisk(Places.Tftp)).Select(file => $"{Places.Tftp}/{file}");
        var files = WriteServerFiles(places.Prefix);
        foreach (var warning in files.Select(f => f.Warning).OfType<string>())
        {
            progress.Warn(warning);
        }

        foreach (var note in files.Select(f => f.Note).OfType<string>())
        {
            progress.Note(note);
        }

        return [.. loaders, .. files.Select(f => f.Changed).OfType<string>()];
    }

    private static bool Holds(MenuFile file, BootFile menu) => menu switch
    {
        BootLink link => file.Target == link.Target,
        BootText text => file.Content is { } content && content.AsSpan().SequenceEqual(Encoding.UTF8.GetBytes(text.Content)),
        _ => false,
    };

    private ServerFileResult WriteServerFile(string prefix, string place, string content)
    {
        var path = prefix + place;
        if (ServerFileState.Holds(path, content))
        {
            return new ServerFileResult(place, ServerFileOutcome.Unchanged);
        }

        if (ServerFileState.IsKept(place, path, _packaged))
        {
            return Beside(prefix, place, content);
        }

        if (!File.Exists(path) || File.ReadAllBytes(path) is var bytes && OwnershipMark.IsOurs(Encoding.UTF8.GetString(bytes)))
        {
            return Written(path, place, content, ServerFileOutcome.Written);
        }

        Put($"{path}.dom0image-old", bytes);
        return Written(path, place, content, ServerFileOutcome.ReplacedDefault) with { Kept = $"{place}.dom0image-old" };
    }

    private static ServerFileResult Beside(string prefix, string place, string content)
    {
        var beside = ServerFileState.BesideOf(place);
        var path = prefix + beside;
        var differs = !File.Exists(path) || File.ReadAllText(path) != content;
        if (differs)
        {
            Put(path, Encoding.UTF8.GetBytes(content));
        }

        return new ServerFileResult(place, ServerFileOutcome.WrittenBeside, beside) { Changed = differs ? beside : null };
    }

    private static ServerFileResult Written(string path, string place, string content, ServerFileOutcome outcome)
    {
        Put(path, Encoding.UTF8.GetBytes(content));
        return new ServerFileResult(place, outcome) { Changed = place };
    }

    private static void Put(string path, byte[] content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        Durable.ReplaceFile(path, content, PublicModes.File);
    }
}
