using System.Security.Cryptography;
using Dom0Image.Diagnostics;
using Dom0Image.Edits.Layers;
using Dom0Image.Generations;
using Dom0Image.Posix;

namespace Dom0Image.Edits.Merge;

/// <summary>
/// Writes what was decided into a tree. A file or link is made beside its place and renamed, so that a hard link elsewhere keeps what it
/// had; nothing is written through a link, since every directory on the way was seen to be one.
/// </summary>
/// <param name="kept">Has the contents.</param>
/// <param name="root">The tree; absolute. Nobody else changes it meanwhile.</param>
/// <param name="answers">Has merged contents.</param>
internal sealed class LayerWriter(KeptLayer kept, string root, AnswerBook answers)
{
    private const string Temporary = ".dom0image-new-edit";

    private const int WayMode = 0b111_101_101;

    /// <summary>Applies decisions.</summary>
    /// <param name="decisions">All of a layer's, in ordinal order of paths.</param>
    /// <exception cref="BuildFailedException">A content of the layer is missing or damaged.</exception>
    public void Apply(IReadOnlyList<PathDecision> decisions)
    {
        var applied = decisions.Where(decision => decision.Verdict is PathVerdict.Applied).ToList();
        foreach (var decision in applied.AsEnumerable().Reverse().Where(IsRemoval))
        {
            Remove(decision);
        }

        // Further names after the files that they are names of.
        foreach (var decision in applied.Where(decision => decision.Path.New is not null).OrderBy(decision => decision.Path.New!.SameFileAs is not null))
        {
            Make(decision, decision.Path.New!);
        }
    }

    private static bool IsRemoval(PathDecision decision)
        => decision.Now is not null && (decision.Path.New is null || decision.RemovesDirectory || (decision.Path.New.Type == FileType.Directory && decision.Now.Type != FileType.Directory));

    private void Remove(PathDecision decision)
    {
        var place = OnDisk(decision.Path.Path);
        if (!decision.RemovesDirectory)
        {
            FileChange.Delete(place);
        }
        else if (decision.Answer is not null)
        {
            SafeDelete.Tree(place);
        }
        else
        {
            FileChange.DeleteDirectory(place);
        }
    }

    private void Make(PathDecision decision, ManifestEntry state)
    {
        MakeWay(decision.Path.Path);
        var place = OnDisk(decision.Path.Path);
        if (state.Type == FileType.Directory)
        {
            if (FileNode.Find(place) is not { IsDirectory: true })
            {
                FileChange.MakeDirectory(place, PrivateMode);
            }

            Settle(place, state);
            return;
        }

        var made = Path.Join(place[..place.LastIndexOf('/')], Temporary);
        FileChange.Delete(made);
        if (state.SameFileAs is { } first && decision.Answer is null)
        {
            if (!FileChange.TryMakeName(made, OnDisk(first)))
            {
                throw new BuildFailedException(new Diagnostic($"cannot make '{ByteName.Printable(place)}' a further name of '{ByteName.Printable(first)}'"));
            }

            // rename(2) of two names of one file does nothing.
            FileChange.Delete(place);
            Durable.Rename(made, place);
            return;
        }

        switch (state.Type)
        {
            case FileType.File:
                Copy(decision, state, place, made);
                break;
            case FileType.Symlink:
                FileChange.MakeLink(made, state.Target!);
                break;
            default:
                FileChange.MakeNode(made, state.Type, state.Device is { } device ? DeviceNumber.Parse(device) : 0);
                break;
        }

        Settle(made, state);
        Durable.Rename(made, place);
    }

    // Only where somebody decided for an edit whose directory is gone; with the owner and mode that an image's directories have.
    private void MakeWay(string path)
    {
        foreach (var way in TreeWay.Above(path).Select(OnDisk).Where(way => FileNode.Find(way) is null))
        {
            FileChange.MakeDirectory(way, WayMode);
            FileChange.SetOwner(way, 0, 0);
        }
    }

    private const int PrivateMode = (int)PrivateModes.Directory;

    // A change of mode or owner alone brings no content.
    private void Copy(PathDecision decision, ManifestEntry state, string place, string made)
    {
        var sum = decision.Answer?.Sha256 ?? state.Sha256 ?? throw Damaged(decision, "it does not say its content");
        var content = decision.Answer is { Sha256: not null } ? answers.ContentOf(sum) : kept.ContentOf(sum);
        var source = FileNode.Find(content) is { IsFile: true } file ? file
            : decision.Now?.Sha256 == sum ? FileNode.Get(place)
            : throw Damaged(decision, $"'{content}' is not there");
        using var from = new FileStream(source.Open(), FileAccess.Read);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var to = new FileStream(FileChange.OpenNew(made, (int)PrivateModes.File), FileAccess.Write);
        var buffer = new byte[128 * 1024];
        for (int read; (read = from.Read(buffer)) > 0;)
        {
            hash.AppendData(buffer, 0, read);
            to.Write(buffer, 0, read);
        }

        if (Convert.ToHexStringLower(hash.GetHashAndReset()) != sum)
        {
            throw Damaged(decision, $"'{source.Path}' is not what it was");
        }
    }

    // In this order: a change of owner takes set-id bits and capabilities away, one of mode the mask of an ACL.
    private static void Settle(string place, ManifestEntry state)
    {
        FileChange.SetOwner(place, state.Uid, state.Gid);
        if (state.Type == FileType.Symlink)
        {
            return;
        }

        var wanted = state.Xattrs ?? [];
        foreach (var (name, _) in ExtendedAttributes.Of(place).Where(there => ManifestReader.IsOfImage(there.Name) && !wanted.ContainsKey(there.Name)))
        {
            ExtendedAttributes.Remove(place, name);
        }

        FileChange.SetMode(place, OctalMode.Parse(state.Mode!));
        foreach (var (name, value) in wanted)
        {
            ExtendedAttributes.Set(place, name, Convert.FromHexString(value));
        }
    }

    private BuildFailedException Damaged(PathDecision decision, string why)
        => new(new Diagnostic($"edit {kept.Layer.Name} has lost what it says of {ByteName.Printable(decision.Path.Path)}: {why}") { Hint = "Bring it back from a backup, or drop the edit" });

    private string OnDisk(string path) => TreeWay.OnDisk(root, path);
}
