using System.Text;
using Dom0Image.Diagnostics;

namespace Dom0Image.Serving.Servers;

/// <summary>nfs-ganesha's own log, from one place on.</summary>
internal sealed class GaneshaLog
{
    /// <summary>Where Debian has it.</summary>
    public const string Place = "/var/log/ganesha/ganesha.log";

    private const string Complete = "Reread exports complete";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly long _start = Length();

    /// <summary>Waits until it says that it has read its exports. It is told by a signal, which has no answer.</summary>
    /// <exception cref="BuildFailedException">It did not say so within half a minute.</exception>
    public async Task ExportsReadAsync(CancellationToken cancellation)
    {
        for (var waited = TimeSpan.Zero; !Since().Contains(Complete, StringComparison.Ordinal); waited += Pause)
        {
            if (waited > Limit)
            {
                throw new BuildFailedException(new Diagnostic($"nfs-ganesha was told to read its exports again, and {Place} does not say that it did")
                {
                    Hint = "Restart it: 'systemctl restart nfs-ganesha', or 'service nfs-ganesha restart'. If /etc/default/nfs-ganesha has it log elsewhere, look there.",
                });
            }

            await Task.Delay(Pause, cancellation).ConfigureAwait(false);
        }
    }

    private static long Length() => new FileInfo(Place) is { Exists: true } file ? file.Length : 0;

    // A log that was rotated meanwhile is read from its start.
    private string Since()
    {
        try
        {
            using var log = new FileStream(Place, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            log.Position = log.Length < _start ? 0 : _start;
            return new StreamReader(log, Encoding.Latin1).ReadToEnd();
        }
        catch (FileNotFoundException)
        {
            return "";
        }
    }
}
