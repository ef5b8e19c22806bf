using System.Net;
using Dom0Image.Diagnostics;

namespace Dom0Image.BootLab.Servers;

/// <summary>The defaults file of tftpd-hpa, turned into the command line that its init script makes of it.</summary>
internal static class TftpdCommandLine
{
    private const string Etc = "/etc/";

    /// <summary>Arguments for <c>in.tftpd</c>, without those about the foreground.</summary>
    /// <param name="file">Path of an <c>/etc/default/tftpd-hpa</c>.</param>
    /// <param name="at">Another address to listen at than the file's; null for the file's.</param>
    /// <exception cref="BuildFailedException">It has no directory to serve.</exception>
    public static IReadOnlyList<string> ReadArguments(string file, IPAddress? at = null)
    {
        var values = File.ReadLines(file)
            .Select(line => line.Trim().Split('=', 2))
            .Where(parts => parts.Length == 2 && !parts[0].StartsWith('#'))
            .ToDictionary(parts => parts[0].Trim(), parts => parts[1].Trim().Trim('"', '\''));
        if (!values.TryGetValue("TFTP_DIRECTORY", out var directory))
        {
            throw new BuildFailedException(new Diagnostic("no TFTP_DIRECTORY") { Where = new SourceLocation(file) });
        }

        string[] user = values.TryGetValue("TFTP_USERNAME", out var name) ? ["--user", name] : [];
        string[] address = at is not null ? ["--address", $"{at}:69"] : values.TryGetValue("TFTP_ADDRESS", out var where) ? ["--address", where] : [];
        var options = values.GetValueOrDefault("TFTP_OPTIONS", "").Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(InLab);
        return [.. user, .. address, .. options, directory];
    }

    // The site's own /etc stands beside this machine's there.
    private static string InLab(string option)
        => option.StartsWith(Etc, StringComparison.Ordinal) ? $"{LabRoot.Configuration}/{option[Etc.Length..]}" : option;
}
