using System.Globalization;
using Dom0Image.Diagnostics;

namespace Dom0Image.Processes;

/// <summary>Which namespaces a process is in, as the kernel names them, such as <c>mnt:[4026531841]</c>.</summary>
internal static class Namespaces
{
    /// <summary>Those of this process.</summary>
    /// <param name="kinds">Such as <c>mnt</c>.</param>
    public static string[] Own(params IEnumerable<string> kinds) => [.. kinds.Select(kind => Of("self", kind))];

    /// <summary>Sees that a process that mounts, and is given servers to start and end, shares none of these with this one.</summary>
    /// <exception cref="BuildFailedException">It does.</exception>
    public static void RequireApart(int process, params IEnumerable<string> kinds)
    {
        var id = process.ToString(CultureInfo.InvariantCulture);
        if (kinds.FirstOrDefault(kind => Of(id, kind) == Of("self", kind)) is { } shared)
        {
            throw new BuildFailedException(new Diagnostic($"process {id} was to have namespaces of its own, and its {shared} namespace is this machine's; nothing was done there")
            {
                Hint = "This is a fault of the program",
            });
        }
    }

    private static string Of(string process, string kind)
        => new FileInfo($"/proc/{process}/ns/{kind}").LinkTarget ?? throw new BuildFailedException(new Diagnostic($"/proc/{process}/ns/{kind} cannot be read") { Hint = "Is /proc mounted, and did the process end?" });
}
