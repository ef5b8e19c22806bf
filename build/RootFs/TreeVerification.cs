using System.Collections.Immutable;
using Dom0Image.Diagnostics;
using Dom0Image.Posix;
using Dom0Image.Recipes;

namespace Dom0Image.RootFs;

/// <summary>
/// Looks through a finished image for what must not be published. The image is read once, in one pass; nothing is changed.
/// </summary>
public sealed class TreeVerification
{
    private const int SetIdBits = 0xC00; // 06000
    private const int OthersWrite = 0x2; // 0002
    private const int Sticky = 0x200; // 01000

    // Covered by file systems of the kernel's or the init's before anyone logs in.
    private static readonly ImmutableArray<string> CoveredAtBoot = ["/dev", "/proc", "/sys", "/run"];

    // Where an image has these, the rules have something to look at.
    private static readonly ImmutableArray<string> InEvery = ["/etc", "/usr", "/var"];

    private readonly string _root;
    private readonly Recipe _recipe;
    private readonly LeakScan _leaks;
    private readonly ImmutableHashSet<string> _setUid;
    private readonly ImmutableArray<Finding>.Builder _findings = ImmutableArray.CreateBuilder<Finding>();

    private TreeVerification(string root, Recipe recipe, IEnumerable<string> hostPaths)
    {
        (_root, _recipe, _leaks) = (root, recipe, new LeakScan(root, recipe.Flash, hostPaths));

        // The list may name /bin/su where the image has /bin -> usr/bin.
        _setUid = [.. recipe.SetUid.Select(path => ContainedPath.ResolveName(root, path)[root.Length..])];
    }

    /// <summary>All that is wrong with an image, in one go; empty when it can be published.</summary>
    /// <param name="root">The image's root on this machine, absolute.</param>
    /// <param name="recipe">What the image is.</param>
    /// <param name="site">Says whether root may have an empty password.</param>
    /// <param name="hostPaths">Directories of the build, such as the store's and the prefix, that no file of the image may name.</param>
    public static ImmutableArray<Finding> Verify(string root, Recipe recipe, Site site, IEnumerable<string> hostPaths)
    {
        var top = FileNode.Get(root);
        if (InEvery.FirstOrDefault(path => FileNode.Find(ContainedPath.Resolve(root, path)) is not { IsDirectory: true } directory || !directory.Children().Any()) is { } missing)
        {
            return [new Finding(FindingKind.TreeIncomplete, missing, "is not there, or empty, so that no rule has anything to look at", "Build the image again")];
        }

        var verification = new TreeVerification(root, recipe, hostPaths);
        verification._findings.AddRange(FlashChecks.Check(root, recipe.Flash));
        verification._findings.AddRange(InitChecks.Check(root, recipe));
        verification._findings.AddRange(StartChecks.Check(root, recipe));
        verification._findings.AddRange(SecretChecks.Check(root, recipe));
        verification._findings.AddRange(LoginChecks.Check(root, site));
        verification.LookAtLeaks();
        foreach (var node in top.Below())
        {
            verification.Look(node, node.Path[root.Length..], top);
        }

        return verification._findings.ToImmutable();
    }

    private void LookAtLeaks()
    {
        if (!_leaks.Asked)
        {
            Find(FindingKind.HostPathsUnknown, "/", "cannot be searched for paths of the build machine: none was named", "That is a fault of the pipeline");
        }

        foreach (var path in _leaks.Made)
        {
            Find(FindingKind.HostPathMade, path, "is a directory of the build machine, and no package brings it", "Whatever made it must not write to a path of the build");
        }
    }

    private void Look(FileNode node, string path, FileNode top)
    {
        if (node.IsDirectory && node.Status.st_dev != top.Status.st_dev)
        {
            Find(FindingKind.OtherFileSystem, path, "is on another file system, and is not looked at", $"Something is still mounted there: umount {node.Path}");
            return;
        }

        if (node.IsLink)
        {
            LookAtLink(node, path);
            return;
        }

        if ((node.Mode & OthersWrite) != 0)
        {
            LookAtWritable(node, path);
        }

        if (node.IsDevice)
        {
            if (!FlashPaths.IsBelow(path, "/dev"))
            {
                Find(FindingKind.DeviceNode, path, $"is a {node.TypeName} outside /dev", "Delete it, or leave out the package that brings it");
            }
        }
        else if (node.IsFile)
        {
            if ((node.Mode & SetIdBits) != 0 && !_setUid.Contains(path))
            {
                Find(FindingKind.SetUid, path, $"is set-uid or set-gid (mode {Octal(node.Mode)}) and the recipe does not list it", $"Add it to the recipe's set-uid list, or leave out the package that brings it");
            }

            if (_leaks.FirstIn(node) is { } leak)
            {
                Find(FindingKind.HostPathInFile, path, $"names {leak}, a directory of the build machine", "Whatever wrote it must not write a path of the build into the image");
            }
        }
    }

    private void LookAtLink(FileNode link, string path)
    {
        var target = link.Target;
        if (_leaks.FirstIn(target) is { } leak)
        {
            Find(FindingKind.HostPathInLink, path, $"leads to {target}, in {leak}, a directory of the build machine", "Whatever made it must not write a path of the build into the image");
        }

        if (LeadsIntoFlash(path, target) && !Exists(path, target) && !IsTopEntry(path))
        {
            Find(FindingKind.LinkIntoFlash, path, $"leads to {target}, which is not in the image", "Delete the link, or list its path in the recipe's flash list");
        }
    }

    // A relative link that a package has below a writable path may lead nowhere there, as it may anywhere else. One that climbs
    // out of the writable path was meant for a place that is now elsewhere.
    private bool LeadsIntoFlash(string path, string target)
    {
        if (target.StartsWith('/'))
        {
            return target == FlashPaths.Flash || FlashPaths.IsBelow(target, FlashPaths.Flash);
        }

        var meant = LexicalPath.Combine(ContainedPath.Parent(path), target);
        var top = FlashPaths.IsBelow(path, FlashPaths.Flash)
            ? _recipe.Flash.Moved.Select(entry => FlashPaths.Moved(entry.Path)).FirstOrDefault(moved => FlashPaths.IsBelow(path, moved))
            : null;
        return FlashPaths.IsBelow(meant, FlashPaths.Flash) && (top is null || !(meant == top || FlashPaths.IsBelow(meant, top)));
    }

    private bool Exists(string path, string target)
        => ContainedPath.Exists(_root, target.StartsWith('/') ? target : $"{ContainedPath.Parent(path)}/{target}");

    private void LookAtWritable(FileNode node, string path)
    {
        if (node.IsDevice || CoveredAtBoot.Any(top => FlashPaths.IsBelow(path, top)))
        {
            return;
        }

        if (!FlashPaths.IsBelow(path, FlashPaths.Flash))
        {
            Find(FindingKind.WorldWritable, path, $"is a {node.TypeName} that everyone may write to (mode {Octal(node.Mode)}), outside {FlashPaths.Flash}", "List it in the recipe's flash list, or take the permission away in an overlay");
        }
        else if (node.IsDirectory && (node.Mode & Sticky) == 0)
        {
            Find(FindingKind.WritableWithoutSticky, path, $"is a directory that everyone may write to, without the sticky bit (mode {Octal(node.Mode)})", "Give it mode 1777");
        }
        else if (node.IsFile && !_recipe.Flash.Entries.Any(entry => FlashPaths.Moved(entry.Path) == path))
        {
            Find(FindingKind.WritableFlashFile, path, $"is a file that everyone may write to (mode {Octal(node.Mode)})", "List it in the recipe's flash list if that is meant");
        }
    }

    private bool IsTopEntry(string path) => _recipe.Flash.Entries.Any(entry => entry.Path == path);

    private void Find(FindingKind kind, string path, string what, string hint) => _findings.Add(new Finding(kind, path, what, hint));

    internal static string Octal(int mode) => Convert.ToString(mode, 8).PadLeft(4, '0');
}
