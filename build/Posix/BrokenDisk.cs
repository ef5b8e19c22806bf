using Dom0Image.Diagnostics;
using Mono.Unix.Native;

namespace Dom0Image.Posix;

/// <summary>
/// Tells a file system that shut itself down from other failures. One in an image file does so when the disk that holds the
/// image is full: whoever uses it is told of an error of input and output, and never of a lack of space.
/// </summary>
internal static class BrokenDisk
{
    private const string Message = "Input/output error";
    private const int InputOutput = (int)Errno.EIO;

    /// <summary>Whether an exception, or one inside it, says that a disk cannot be read or written.</summary>
    public static bool Is(Exception problem) => problem switch
    {
        IOException io when io.HResult == InputOutput => true,
        ToolFailedException tool => tool.LastLines.Any(line => line.Contains(Message, StringComparison.OrdinalIgnoreCase)),
        AggregateException several => several.InnerExceptions.Any(Is),
        _ => problem?.InnerException is { } inner && Is(inner),
    };

    /// <summary>The failure to show in place of <paramref name="problem"/> when it comes from a broken disk; null when it does not.</summary>
    /// <param name="problem">What a stage threw.</param>
    /// <param name="directories">What was read and written; those that are not there are passed over.</param>
    public static BuildFailedException? Explain(Exception problem, params string[] directories)
    {
        if (!Is(problem))
        {
            return null;
        }

        var dead = directories.FirstOrDefault(IsDead);
        return new BuildFailedException(dead is null ? Unknown(problem) : Describe(dead, problem), problem);
    }

    /// <summary>Whether nothing in a directory can be read any more.</summary>
    public static bool IsDead(string directory)
    {
        if (Syscall.lstat(directory, out _) != 0)
        {
            return Stdlib.GetLastError() is Errno.EIO;
        }

        try
        {
            _ = Directory.EnumerateFileSystemEntries(directory).Any();
            return false;
        }
        catch (IOException failure)
        {
            return failure.HResult == InputOutput;
        }
    }

    private static Diagnostic Describe(string directory, Exception problem)
    {
        var mount = MountInfo.Read().Holding(directory);
        var what = $"'{directory}' cannot be read or written: its file system, {mount.Type} on {mount.Source}, is broken or shut itself down: {problem.Message}";
        var again = $"umount {mount.Point}, and mount it again, which repairs it. Clients whose roots it holds have to boot again. dmesg tells more";
        if (LoopDevice.Find(mount.Source) is not { } loop)
        {
            return new Diagnostic(what) { Hint = $"If its disk is sound: {again}" };
        }

        var disk = Path.GetDirectoryName(loop.BackingFile)!;
        var free = Directory.Exists(disk) ? $", whose disk has {HumanText.Size(FileSystemSpace.Of(disk).Free)} left" : "";
        return new Diagnostic(what) { Hint = $"It lies in {loop.BackingFile}{free}: free some space there. Then {again}" };
    }

    private static Diagnostic Unknown(Exception problem)
        => new($"a disk cannot be read or written: {problem.Message}") { Hint = "dmesg tells which. Nothing that is published was changed" };
}
