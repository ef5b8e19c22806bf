using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using Mono.Unix.Native;

namespace Dom0Image.Tests;

/// <summary>A call that writes out, names or shares a file.</summary>
/// <param name="Name">The call, such as <c>fsync</c>; <c>share</c> for the ioctl(2) that shares blocks.</param>
/// <param name="Path">What it is about; of a rename, the new name.</param>
/// <param name="From">Of a rename, the old name.</param>
internal sealed record ThreadCall(string Name, string Path, string? From = null);

/// <summary>What a thread of this process asks the kernel for that decides what a power cut leaves; seen by strace(1).</summary>
internal static partial class ThreadCalls
{
    /// <summary>Does something, and gives the calls of it in their order.</summary>
    public static ThreadCall[] Of(Action work)
    {
        using var temp = new TempDirectory();
        var start = new ProcessStartInfo("strace", ["-y", "-o", temp["calls"], "-e", "trace=rename,renameat2,fsync,syncfs,ioctl", "-p", $"{gettid()}"]) { RedirectStandardError = true };
        using var strace = Process.Start(start)!;
        Assert.That(strace.StandardError.ReadLine(), Does.EndWith("attached"));
        try
        {
            work();
        }
        finally
        {
            _ = Syscall.kill(strace.Id, Signum.SIGINT);
            strace.WaitForExit();
        }

        return [.. File.ReadLines(temp["calls"]).Select(Parse).OfType<ThreadCall>()];
    }

    private static ThreadCall? Parse(string line)
    {
        string[] quoted = [.. Quoted().Matches(line).Select(match => match.Groups[1].Value)];
        return line.Split('(')[0] switch
        {
            "rename" or "renameat2" when quoted is [var from, var to] => new ThreadCall("rename", to, from),
            "ioctl" when !line.Contains("FIDEDUPERANGE", StringComparison.Ordinal) => null,
            var name when Opened().Match(line) is { Success: true } path => new ThreadCall(name == "ioctl" ? "share" : name, path.Groups[1].Value),
            _ => null,
        };
    }

    [GeneratedRegex("\"([^\"]*)\"")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"^\w+\([0-9]+<([^>]*)>")]
    private static partial Regex Opened();

    [DllImport("libc")]
    private static extern int gettid();
}
