using Dom0Image.Diagnostics;
using Dom0Image.Posix;
using Dom0Image.Recipes;
using Dom0Image.RootFs.Image;

namespace Dom0Image.RootFs.Flash;

/// <summary>
/// Moves the writable paths of an image below /flash and leaves absolute links in their places, so that an administrator
/// in a chroot and a client, which covers /flash with its RAM, find the same thing under the same name.
/// </summary>
/// <remarks>
/// Moving is rename(2): contents, owners, times, extended attributes and hard links stay. Entries below another entry move
/// with it and have no link of their own. A second run changes nothing.
/// </remarks>
internal static class FlashRelocation
{
    /// <summary>Relocates every entry of <paramref name="list"/>. Needs root's rights.</summary>
    /// <param name="root">The image's root on this machine, absolute. After an <see cref="IOException"/> it is no longer usable.</param>
    /// <param name="list">The writable paths.</param>
    /// <exception cref="BuildFailedException">Entries that do not fit the image, all of them in one go; nothing was changed then.</exception>
    /// <exception cref="IOException">A change failed half-way.</exception>
    public static void Relocate(string root, FlashList list)
    {
        var moves = FlashPlan.Make(root, list);
        var climbing = ClimbingLinks.Find(root, [.. moves.Where(move => move.Step == FlashStep.Move).Select(move => move.Entry)]);

        ImageDirectory.Ensure(root, FlashPaths.Flash);
        foreach (var move in moves)
        {
            Carry(root, move);
        }

        climbing.Repoint(root);
    }

    private static void Carry(string root, FlashMove move)
    {
        var moved = root + FlashPaths.Moved(move.Entry.Path);
        var original = root + move.Entry.Path;
        ImageDirectory.Ensure(root, ContainedPath.Parent(FlashPaths.Moved(move.Entry.Path)));
        if (move.Step == FlashStep.Move)
        {
            Durable.Rename(original, moved);
        }

        Settle(moved, move);
        if (move.HasLink && FileNode.Find(original) is null)
        {
            ImageDirectory.Ensure(root, ContainedPath.Parent(move.Entry.Path));
            FileChange.MakeLink(original, FlashPaths.Moved(move.Entry.Path));
        }
    }

    // Makes what is missing; then mode and owner are those of the list.
    private static void Settle(string moved, FlashMove move)
    {
        var entry = move.Entry;
        var there = FileNode.Find(moved);
        if (entry.Kind == FlashKind.Symlink)
        {
            var target = FlashPlan.TargetOf(entry);
            if (there is not { } link || link.Target != target)
            {
                FileChange.Delete(moved);
                FileChange.MakeLink(moved, target);
            }
        }
        else if (there is null && entry.Kind == FlashKind.Directory)
        {
            FileChange.MakeDirectory(moved, entry.Mode);
        }
        else if (there is null)
        {
            FileChange.MakeFile(moved, [], entry.Mode);
        }

        FileChange.SetOwner(moved, move.User, move.Group);
        if (entry.Kind != FlashKind.Symlink)
        {
            FileChange.SetMode(moved, entry.Mode);
        }
    }
}
