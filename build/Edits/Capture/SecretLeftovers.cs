using System.Collections.Immutable;
using System.IO.Enumeration;
using System.Text;
using Dom0Image.Posix;
using Dom0Image.RootFs.Image;

namespace Dom0Image.Edits.Capture;

/// <summary>What a shell and its programs leave that is one person's, and would be on all clients: never kept without asking.</summary>
internal static class SecretLeftovers
{
    private const int HeadLength = 64;

    // In root's home or a user's.
    private static readonly ImmutableArray<string> InHomes =
        [".bash_history", ".sh_history", ".zsh_history", ".python_history", ".lesshst", ".viminfo", ".wget-hsts", ".mysql_history", ".ssh/id_*", ".ssh/known_hosts*", ".gnupg/*", ".netrc", ".git-credentials"];

    /// <summary>Why a file is one; null for others.</summary>
    /// <param name="path">With the name from before the move below <c>/flash</c>.</param>
    /// <param name="file">The file; null where it is gone.</param>
    public static string? Why(string path, FileNode? file)
    {
        if (file is not { IsFile: true } node)
        {
            return null;
        }

        var isPublic = path.EndsWith(".pub", StringComparison.Ordinal);
        return InHomes.Any(name => Matches($"/root/{name}", path) || Matches($"/home/*/{name}", path)) && !isPublic ? "it is one person's, and would be on every client"
            : SecretPaths.Secrets.Any(pattern => Matches(pattern, path)) ? "each client makes its own"
            : Head(node).Contains("PRIVATE KEY-----", StringComparison.Ordinal) ? "it is a private key, and would be on every client"
            : null;
    }

    private static bool Matches(string pattern, string path) => FileSystemName.MatchesSimpleExpression(pattern, path, ignoreCase: false);

    private static string Head(FileNode file)
    {
        using var handle = file.Open();
        var head = new byte[HeadLength];
        return Encoding.ASCII.GetString(head, 0, RandomAccess.Read(handle, head, 0));
    }
}
