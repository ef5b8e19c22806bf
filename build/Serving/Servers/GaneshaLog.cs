using System.Text;
using Dom0Image.Diagnostics;

namespace Dom0Image.Serving.Servers;

/// <summary>nfs-ganesha's own log, from one place on.</summary>
internal sealed class GaneshaLog
{
    /// <summary>Where Debian has it.</summary>
    public const string Place = "/var/log/ganesha/ganesha.log";

    private const string Complete = "Reread exports complete";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly long _start = Length();

    /// <summary>Waits until it says that it has read its exports. It is told by a signal, which has no answer.</summary>
    /// <exception cref="BuildFailedException">It did not say so in time.</exception>
    public async Task ExportsReadAsync(CancellationToken cancellation)
    {
        for (var waited = TimeSpan.Zero; !Since().Contains(Complete, StringComparison.Ordinal); waited += Pause)
        {
            if (waited > Limit)
            {
                throw new BuildFailedException(new Diagnostic($"it was told to read its exports again, and {Place} does not say that it did")
                {
                    Hint = "Does /etc/default/nfs-ganesha have it log elsewhere? When it was restarted, it has read them.",
                });
            }

            await Task.Delay(Pause, cancellation).ConfigureAwait(false);
        }
    }

    private static long Length() => new FileInfo(Place) is { Exists: true } file ? file.Length : 0;

    // A log that was rotated meanwhile is read from its start.
    private string Since()
    {
        if (!File.Exists(Place))
        {
            return "";
        }

        using var log = new FileStream(Place, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        log.Position = log.Length < _start ? 0 : _start;
        using var reader = new StreamReader(log, Encoding.Latin1);
        return reader.ReadToEnd();
    }
}
