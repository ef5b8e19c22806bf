namespace Dom0Image.RootFs.Image;

/// <summary>The second fields of the lines of an /etc/passwd or /etc/shadow, which say by what password a user logs in; see passwd(5), shadow(5).</summary>
internal static class PasswordFields
{
    /// <summary>Each user's, in the order of the lines; what is no user's is left out.</summary>
    public static List<(string User, string Password)> Read(IEnumerable<string> lines)
    {
        // Lines that begin with '+' or '-' take in or leave out what NIS has, and are nobody's.
        return [.. lines.Select(line => line.Split(':')).Where(fields => fields is [[not ('+' or '-'), ..], _, ..]).Select(fields => (fields[0], fields[1]))];
    }

    /// <summary>The file's text with another password field in each line of a user.</summary>
    public static string Replace(IEnumerable<string> lines, string user, string password)
        => string.Concat(lines.Select(line => line.Split(':') is [var name, _, .. var rest] && name == user ? $"{string.Join(':', [name, password, .. rest])}\n" : $"{line}\n"));
}
