using System.Security.Cryptography;
using System.Text;

namespace Dom0Image.Boot;

/// <summary>
/// The first line of a server's file: says that it was generated, with a digest of the rest, so that a file that an
/// administrator wrote or changed is told from one that may be replaced. All of these formats know <c>#</c> comments.
/// </summary>
internal static class OwnershipMark
{
    private const string Head = "# Written by Dom0Image for site ";
    private const string Digest = "; sha256 of the lines below: ";

    /// <summary>The text with its mark.</summary>
    public static string Sign(string site, string text) => $"{Head}{site}{Digest}{DigestOf(text)}\n{text}";

    /// <summary>Whether a file is as it was generated.</summary>
    public static bool IsOurs(string content)
    {
        var end = content.IndexOf('\n');
        return end > 0
            && content.StartsWith(Head, StringComparison.Ordinal)
            && content[..end].EndsWith(Digest + DigestOf(content[(end + 1)..]), StringComparison.Ordinal);
    }

    private static string DigestOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
