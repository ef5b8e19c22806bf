using System.Globalization;
using System.Text;
using Dom0Image.Diagnostics;
using Dom0Image.Posix;

namespace Dom0Image.Store;

/// <summary>
/// Keeps a second build away from the same store or the same publishing prefix. Held by flock(2): the kernel drops it
/// when the process dies, however it dies. The file's text says who holds it.
/// </summary>
internal sealed class BuildLock : IDisposable
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(200);

    private readonly List<FileStream> _held;

    private BuildLock(List<FileStream> held) => _held = held;

    /// <summary>Takes the locks, in the order given, waiting for another build or refusing.</summary>
    /// <param name="files">Lock files; made when they are not there, with the directories that lead to them.</param>
    /// <param name="wait">Whether to wait for the build that holds one of them; false to fail at once.</param>
    /// <param name="progress">Told who is waited for.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <param name="refusal">What is told of who holds it and is not waited for; null for what is told of a build.</param>
    /// <exception cref="BuildFailedException">Another build holds one and <paramref name="wait"/> is false.</exception>
    public static async Task<BuildLock> AcquireAsync(
        IEnumerable<string> files, bool wait, IStageProgress progress, CancellationToken cancellation, Func<string, Diagnostic>? refusal = null)
    {
        var held = new List<FileStream>();
        var locks = new BuildLock(held);
        try
        {
            foreach (var file in files.Distinct())
            {
                held.Add(await AcquireOneAsync(file, wait, progress, refusal ?? (holder => Running(holder, file)), cancellation).ConfigureAwait(false));
            }

            return locks;
        }
        catch
        {
            locks.Dispose();
            throw;
        }
    }

    /// <summary>Lets the next build in.</summary>
    public void Dispose()
    {
        foreach (var stream in Enumerable.Reverse(_held))
        {
            // Emptied and not deleted: a waiter may have the file open already.
            Write(stream, "");
            stream.Dispose();
        }

        _held.Clear();
    }

    private static Diagnostic Running(string holder, string file) => new($"another build is running: {holder} holds '{file}'")
    {
        Hint = "Wait for it to end, or give this build another --store= and --prefix=",
    };

    private static async Task<FileStream> AcquireOneAsync(string file, bool wait, IStageProgress progress, Func<string, Diagnostic> refusal, CancellationToken cancellation)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        string? told = null;
        while (true)
        {
            if (TryOpen(file) is { } stream)
            {
                Sign(stream);
                return stream;
            }

            var holder = HolderOf(file);
            if (!wait)
            {
                throw new BuildFailedException(refusal(holder));
            }

            if (holder != told)
            {
                progress.Note($"waiting for another build to end: {holder} holds '{file}'");
                told = holder;
            }

            await Task.Delay(Poll, cancellation).ConfigureAwait(false);
        }
    }

    // FileShare.None is flock(LOCK_EX | LOCK_NB), and the descriptor is not inherited by tools.
    private static FileStream? TryOpen(string file)
    {
        const int WouldBlock = 11;
        try
        {
            return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        }
        catch (IOException problem) when (problem.HResult == WouldBlock)
        {
            return null;
        }
    }

    private static void Sign(FileStream stream)
    {
        var since = DateTimeOffset.Now.ToString("yyyy-MM-dd HH:mm:ss zzz", CultureInfo.InvariantCulture);
        Write(stream, $"process {Environment.ProcessId}, running since {since}\n");
    }

    // The lock holds without its text, on a full disk for example.
    private static void Write(FileStream stream, string text)
    {
        try
        {
            stream.SetLength(0);
            stream.Write(Encoding.UTF8.GetBytes(text));
            stream.Flush();
        }
        catch (IOException)
        {
        }
    }

    // Not opened by .NET, which would ask for a lock to read as well.
    private static string HolderOf(string file)
    {
        const string Unnamed = "an unnamed process";
        try
        {
            using var stream = new FileStream(FileNode.Get(file).Open(), FileAccess.Read);
            using var reader = new StreamReader(stream);
            return reader.ReadLine() is { Length: > 0 } line ? line : Unnamed;
        }
        catch (IOException)
        {
            return Unnamed;
        }
    }
}
