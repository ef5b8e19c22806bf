using System.Buffers.Binary;
using System.Collections.Immutable;
using Dom0Image.Posix;

namespace Dom0Image.RootFs.Image;

/// <summary>
/// Gives the accounts of an unpacked base layer other ids: in /etc/passwd and /etc/group, and wherever a file has them as owner
/// or in an ACL. In one pass, so that two accounts can change places. What a package wrote as a number into a file's
/// text is not found; none of Debian's that we know does.
/// </summary>
internal sealed class AccountRenumbering(string root, AccountPlan plan)
{
    private const string Capability = "security.capability";
    private const int SetIdBits = 0b110_000_000_000;

    private static readonly ImmutableArray<string> Acls = ["system.posix_acl_access", "system.posix_acl_default"];

    // Names of one file: it is renumbered once.
    private readonly HashSet<(ulong Device, ulong Inode)> _done = [];

    /// <summary>Renumbers; a tree whose accounts have their ids is left as it is. Needs root's rights.</summary>
    /// <param name="root">The tree on this machine, absolute.</param>
    /// <param name="plan">Which ids.</param>
    public static void Apply(string root, AccountPlan plan)
    {
        if (!plan.IsEmpty)
        {
            new AccountRenumbering(root, plan).Apply();
        }
    }

    private void Apply()
    {
        var top = FileNode.Get(root);
        foreach (var node in top.Below().Prepend(top))
        {
            if (node.IsDirectory || node.Links == 1 || _done.Add((node.FileSystem, node.Inode)))
            {
                Renumber(node);
            }
        }

        Rewrite("/etc/passwd", (2, plan.Users), (3, plan.Groups));
        Rewrite("/etc/group", (2, plan.Groups));
    }

    private void Renumber(FileNode node)
    {
        var attributes = node.IsLink ? [] : ExtendedAttributes.Of(node.Path);
        var (user, group) = (Other(plan.Users, node.Uid), Other(plan.Groups, node.Gid));
        if ((user, group) != (node.Uid, node.Gid))
        {
            FileChange.SetOwner(node.Path, user, group);
            // Both are gone with the owner.
            if (!node.IsLink && (node.Mode & SetIdBits) != 0)
            {
                FileChange.SetMode(node.Path, node.Mode);
            }

            foreach (var (name, value) in attributes.Where(attribute => attribute.Name == Capability))
            {
                ExtendedAttributes.Set(node.Path, name, value);
            }
        }

        foreach (var (name, value) in attributes.Where(attribute => Acls.Contains(attribute.Name)))
        {
            if (RenumberAcl(value))
            {
                ExtendedAttributes.Set(node.Path, name, value);
            }
        }
    }

    // A version of four bytes, then entries of eight: tag, permissions, id; as the kernel hands them out (linux/posix_acl_xattr.h).
    private bool RenumberAcl(byte[] acl)
    {
        const int Version = 4;
        const int Entry = 8;
        const int Id = 4;
        const ushort NamedUser = 2;
        const ushort NamedGroup = 8;
        var changed = false;
        for (var at = Version; at + Entry <= acl.Length; at += Entry)
        {
            var ids = BinaryPrimitives.ReadUInt16LittleEndian(acl.AsSpan(at)) switch
            {
                NamedUser => plan.Users,
                NamedGroup => plan.Groups,
                _ => null,
            };
            var id = acl.AsSpan(at + Id);
            if (ids is not null && ids.TryGetValue(BinaryPrimitives.ReadUInt32LittleEndian(id), out var other))
            {
                BinaryPrimitives.WriteUInt32LittleEndian(id, other);
                changed = true;
            }
        }

        return changed;
    }

    private void Rewrite(string imagePath, params (int Field, ImmutableSortedDictionary<uint, uint> Ids)[] maps)
    {
        if (FileNode.Find(ContainedPath.Resolve(root, imagePath)) is { IsFile: true } file)
        {
            FileChange.ReplaceContent(file, AccountTable.Renumber(File.ReadAllText(file.Path), maps));
        }
    }

    private static uint Other(ImmutableSortedDictionary<uint, uint> ids, uint id) => ids.GetValueOrDefault(id, id);
}
