using System.Text;

namespace Dom0Image.Tests.Border;

/// <summary>
/// What somebody gets who may mount an export and asks with handles of his own making. What must not be reached is marked:
/// each file system has a file <c>secret</c> in its root that says whose it is.
/// </summary>
internal static class Forger
{
    /// <summary>What is asked for, and made, wherever a handle leads.</summary>
    public const string Secret = "secret";

    /// <summary>What is made.</summary>
    public const string Planted = "planted";

    /// <summary>Tries all with a handle.</summary>
    /// <returns>What was read.</returns>
    public static IReadOnlyList<string> Try(RawNfs client, byte[] handle)
    {
        List<string> read = [.. ReadAt(client, handle)];
        foreach (var name in new[] { Secret, "..", "etc", "opt" })
        {
            if (client.LookUp(handle, name) is (0, var below))
            {
                read.AddRange(ReadAt(client, below));
                read.AddRange(client.LookUp(below, Secret) is (0, var deeper) ? ReadAt(client, deeper) : []);
            }
        }

        client.Create(handle, Planted);
        return read;
    }

    private static string[] ReadAt(RawNfs client, byte[] file)
        => client.Read(file) is (0, { Length: > 0 } data) ? [Encoding.UTF8.GetString(data)] : [];
}
