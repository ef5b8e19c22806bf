using System.Collections.Immutable;

namespace Dom0Image.Processes;

/// <summary>
/// Where tools are looked for, whatever environment this program was started in: cron has no <c>/usr/sbin</c>, a unit may have
/// nothing. Debian's own tools come first, so that one of the same name in someone's home is never taken for them.
/// </summary>
internal static class ToolPath
{
    private static readonly ImmutableArray<string> OfDebian = ["/usr/sbin", "/usr/bin", "/sbin", "/bin", "/usr/local/sbin", "/usr/local/bin"];

    private static readonly ImmutableArray<string> OfCaller =
        [.. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Where(Path.IsPathRooted)];

    private static readonly ImmutableArray<string> All = [.. OfDebian.Concat(OfCaller).Distinct()];

    /// <summary>The PATH of every tool.</summary>
    public static string Value { get; } = string.Join(':', All);

    /// <summary>A program by its name or path.</summary>
    /// <returns>An absolute path, or a path as it was given; null when it is not there or cannot be run.</returns>
    public static string? Find(string program) => Find(program, All);

    /// <summary>A program that the user chose by the PATH, such as the .NET SDK; its bare name when it is nowhere.</summary>
    public static string ChosenByCaller(string program) => Find(program, OfCaller.AddRange(OfDebian)) ?? program;

    private static string? Find(string program, ImmutableArray<string> directories)
        => program.Contains('/') ? program : directories.Select(directory => Path.Combine(directory, program)).FirstOrDefault(IsProgram);

    private static bool IsProgram(string path)
        => File.Exists(path) && (File.GetUnixFileMode(path) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) != 0;
}
