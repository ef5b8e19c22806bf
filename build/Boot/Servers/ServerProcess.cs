using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Dom0Image.Boot.Servers;

/// <summary>A server that runs on this machine's network, and not on one that a boot test made.</summary>
/// <param name="Id">Process id.</param>
/// <param name="Arguments">Its command line.</param>
/// <param name="Started">When it was started.</param>
internal sealed record ServerProcess(int Id, ImmutableArray<string> Arguments, DateTime Started)
{
    // As the kernel counts for user space on every Debian.
    private const double TicksPerSecond = 100;

    // proc(5): the 22nd field; the second, the name, may hold blanks and ends with the last bracket.
    private const int StartField = 22 - 3;

    /// <summary>The processes that run a program, by its file's name.</summary>
    public static ImmutableArray<ServerProcess> Named(string program)
    {
        var network = Link("/proc/self/ns/net");
        return
        [
            .. from directory in Directory.EnumerateDirectories("/proc")
               let id = int.TryParse(Path.GetFileName(directory), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0
               where id > 0 && Runs(directory, program) && Link($"{directory}/ns/net") == network
               let process = Read(id, directory)
               where process is not null
               orderby process.Started
               select process,
        ];
    }

    // The link of a program that was upgraded since ends with a word about it.
    private static bool Runs(string directory, string program)
        => Link($"{directory}/exe") is { } exe && Path.GetFileName(exe.Split(" (deleted)")[0]) == program;

    private static ServerProcess? Read(int id, string directory)
    {
        try
        {
            var stat = File.ReadAllText($"{directory}/stat");
            var ticks = double.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[StartField], CultureInfo.InvariantCulture);
            var uptime = double.Parse(File.ReadAllText("/proc/uptime").Split(' ')[0], CultureInfo.InvariantCulture);
            var arguments = Encoding.UTF8.GetString(File.ReadAllBytes($"{directory}/cmdline")).Split('\0', StringSplitOptions.RemoveEmptyEntries);
            return new ServerProcess(id, [.. arguments], DateTime.UtcNow - TimeSpan.FromSeconds(uptime - (ticks / TicksPerSecond)));
        }
        catch (IOException)
        {
            // It has ended.
            return null;
        }
    }

    private static string? Link(string path)
    {
        try
        {
            return new FileInfo(path).LinkTarget;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
