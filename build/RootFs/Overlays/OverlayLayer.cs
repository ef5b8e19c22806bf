using System.Text;
using Dom0Image.Diagnostics;
using Dom0Image.Posix;
using Dom0Image.RootFs.Image;

namespace Dom0Image.RootFs.Overlays;

/// <summary>
/// Lays a tree of files over an image. Everything that it brings belongs to root and has the mode that
/// <see cref="OverlayTree"/> gives it; directories that the image has already keep their own mode and owner, unless a line
/// names them. A file <c>x.template</c> is rendered and becomes <c>x</c>. Links of the image are followed as a process inside
/// it would, and only to directories.
/// </summary>
internal sealed class OverlayLayer
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly OverlayTree _tree;
    private readonly string _root;
    private readonly TemplateValues _values;
    private readonly List<Diagnostic> _problems = [];

    private OverlayLayer(OverlayTree tree, string root, TemplateValues values) => (_tree, _root, _values) = (tree, root, values);

    /// <summary>Lays <paramref name="overlayDirectory"/> over <paramref name="root"/>. Needs root's rights.</summary>
    /// <param name="overlayDirectory">The overlay; a directory on this machine.</param>
    /// <param name="root">The image's root on this machine, absolute; it is changed, and no longer usable after a failure.</param>
    /// <param name="values">For its templates.</param>
    /// <exception cref="BuildFailedException">What cannot be laid, all of it in one go.</exception>
    public static void Apply(string overlayDirectory, string root, TemplateValues values)
    {
        var layer = new OverlayLayer(OverlayTree.Read(overlayDirectory), root, values);
        layer.Merge(FileNode.Get(overlayDirectory), "");
        if (layer._problems.Count > 0)
        {
            throw new BuildFailedException(layer._problems);
        }
    }

    // imageDirectory: where the directory's content goes; in the image, without links, "" for the root.
    private void Merge(FileNode directory, string imageDirectory)
    {
        foreach (var node in directory.Children())
        {
            var name = node.Name;
            if (name == ".gitkeep")
            {
                continue;
            }

            if (node.IsDirectory)
            {
                if (Enter(node, $"{imageDirectory}/{name}") is { } below)
                {
                    Merge(node, below);
                }
            }
            else if (node.IsLink)
            {
                Place(node, $"{imageDirectory}/{name}", path => FileChange.MakeLink(path, node.Target));
            }
            else
            {
                PlaceFile(node, imageDirectory, name);
            }
        }
    }

    private string? Enter(FileNode directory, string imagePath)
    {
        switch (FileNode.Find(_root + imagePath))
        {
            case null:
                FileChange.MakeDirectory(_root + imagePath, _tree.ModeOf(directory));
                FileChange.SetOwner(_root + imagePath, 0, 0);
                FileChange.SetMode(_root + imagePath, _tree.ModeOf(directory));
                return imagePath;
            case { IsDirectory: true }:
                SetModeOfItsOwn(directory, _root + imagePath);
                return imagePath;
            case { IsLink: true } link:
                return Follow(directory, imagePath, link);
            case { } other:
                Refuse(directory, $"is a directory, where the image has a {other.TypeName}");
                return null;
        }
    }

    private string? Follow(FileNode directory, string imagePath, FileNode link)
    {
        string resolved;
        try
        {
            resolved = ContainedPath.ResolveInImage(_root, imagePath);
        }
        catch (BuildFailedException problem)
        {
            _problems.AddRange(problem.Diagnostics);
            return null;
        }

        if (LeavesRoot(link.Target, ContainedPath.Parent(imagePath)))
        {
            Refuse(directory, $"would be written through the image's link to {link.Target}, which leads outside the image's root");
            return null;
        }

        if (FileNode.Find(_root + resolved) is { IsDirectory: true })
        {
            SetModeOfItsOwn(directory, _root + resolved);
            return resolved == "/" ? "" : resolved;
        }

        Refuse(directory, $"would be written through the image's link to {link.Target}, where the image has no directory");
        return null;
    }

    private void SetModeOfItsOwn(FileNode directory, string path)
    {
        if (_tree.HasModeOfItsOwn(directory))
        {
            FileChange.SetMode(path, _tree.ModeOf(directory));
        }
    }

    // Inside the image '..' stops at its root; on the build machine it would not, so such a link is a trap, or a mistake.
    private static bool LeavesRoot(string target, string directory)
    {
        var depth = target.StartsWith('/') ? 0 : directory.Count(c => c == '/');
        foreach (var name in target.Split('/').Where(name => name is not ("" or ".")))
        {
            depth += name == ".." ? -1 : 1;
            if (depth < 0)
            {
                return true;
            }
        }

        return false;
    }

    private void PlaceFile(FileNode file, string imageDirectory, string name)
    {
        if (!OverlayTree.IsTemplate(name))
        {
            Place(file, $"{imageDirectory}/{name}", path => FileChange.MakeFile(path, file.ReadAllBytes(), _tree.ModeOf(file)));
            return;
        }

        byte[] content;
        try
        {
            content = StrictUtf8.GetBytes(Template.Render(StrictUtf8.GetString(file.ReadAllBytes()), file.Path, _values));
        }
        catch (BuildFailedException problem)
        {
            _problems.AddRange(problem.Diagnostics);
            return;
        }
        catch (DecoderFallbackException)
        {
            Refuse(file, "is a template, but no UTF-8 text");
            return;
        }

        Place(file, $"{imageDirectory}/{name[..^OverlayTree.TemplateSuffix.Length]}", path => FileChange.MakeFile(path, content, _tree.ModeOf(file)));
    }

    // What was there is unlinked and not written to: a hard link of it elsewhere keeps its content.
    private void Place(FileNode node, string imagePath, Action<string> make)
    {
        var path = _root + imagePath;
        var there = FileNode.Find(path);
        if (there is { IsDirectory: true } || (there is { IsLink: true } && node.IsFile && FileNode.Find(SafeResolve(imagePath)) is { IsDirectory: true }))
        {
            Refuse(node, $"is a {node.TypeName}, where the image has a directory");
            return;
        }

        FileChange.Delete(path);
        make(path);
        FileChange.SetOwner(path, 0, 0);
        if (!node.IsLink)
        {
            FileChange.SetMode(path, _tree.ModeOf(node));
        }
    }

    private string SafeResolve(string imagePath)
    {
        try
        {
            return ContainedPath.Resolve(_root, imagePath);
        }
        catch (BuildFailedException)
        {
            return _root + imagePath;
        }
    }

    private void Refuse(FileNode node, string why) => _problems.Add(new Diagnostic($"overlay '{ByteName.Printable(node.Path)}' {why}"));
}
