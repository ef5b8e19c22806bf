using Dom0Image.Processes;

namespace Dom0Image.Boot;

/// <summary>The command with which a server's own program reads a file and does nothing else.</summary>
internal static class ServerFileCheck
{
    /// <summary>The check of a file, or null where no program can.</summary>
    /// <param name="place">Where the server will read it.</param>
    /// <param name="file">Where it is now.</param>
    public static ToolCommand? For(string place, string file) => place switch
    {
        ServerPlaces.Dhcpd => new ToolCommand("dhcpd", "-4", "-t", "-cf", file),
        ServerPlaces.Tftpd => new ToolCommand("sh", "-n", file),
        _ => null,
    };

    /// <summary>Whether a program is on the PATH, or where servers are.</summary>
    public static bool IsInstalled(string program)
        => $"{Environment.GetEnvironmentVariable("PATH")}:/usr/sbin:/sbin".Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Any(d => File.Exists(Path.Combine(d, program)));
}
