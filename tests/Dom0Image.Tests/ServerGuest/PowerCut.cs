using Mono.Unix.Native;

namespace Dom0Image.Tests.ServerGuest;

/// <summary>What becomes of writes that the disk had taken and not yet flushed when the power went.</summary>
internal enum Unflushed
{
    /// <summary>None of them is on the disk.</summary>
    Dropped,

    /// <summary>All of them are.</summary>
    Kept,

    /// <summary>Every other one is: a disk writes in whatever order it likes.</summary>
    EveryOther,
}

/// <summary>Makes a disk as it was when the power went.</summary>
internal static class PowerCut
{
    /// <summary>Plays a log's first entries onto a disk.</summary>
    /// <param name="log">What the guest wrote.</param>
    /// <param name="entries">How many entries came before the cut.</param>
    /// <param name="unflushed">What becomes of the writes behind the last flush.</param>
    /// <param name="disk">A raw image as it was before the log's first entry; is changed.</param>
    public static void Play(string log, int entries, Unflushed unflushed, string disk)
    {
        var all = WriteLog.Read(log).Take(entries).ToList();
        var safe = all.FindLastIndex(e => e.IsFlush);
        using var source = File.OpenRead(log);
        using var target = new FileStream(disk, FileMode.Open, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        for (var index = 0; index < all.Count; index++)
        {
            if (index <= safe || all[index].Flags.HasFlag(WriteLogFlags.ForcedUnitAccess) || Survives(index, unflushed))
            {
                Apply(all[index], source, target);
            }
        }
    }

    private static bool Survives(int index, Unflushed unflushed) => unflushed switch
    {
        Unflushed.Dropped => false,
        Unflushed.Kept => true,
        _ => index % 2 == 0,
    };

    private static void Apply(WriteLogEntry entry, FileStream source, FileStream target)
    {
        if (entry.Flags.HasFlag(WriteLogFlags.Discard))
        {
            // A hole reads as zeros, as the log's readers take it.
            const int KeepSizePunchHole = 0x01 | 0x02;
            if (Fallocate(target, KeepSizePunchHole, entry) != 0)
            {
                throw new IOException($"cannot make a hole: {Stdlib.strerror(Stdlib.GetLastError())}");
            }

            return;
        }

        var buffer = new byte[entry.Length];
        source.Position = entry.Data;
        source.ReadExactly(buffer);
        target.Position = entry.Offset;
        target.Write(buffer);
    }

    private static int Fallocate(FileStream target, int mode, WriteLogEntry entry)
        => NativeMethods.fallocate(target.SafeFileHandle, mode, entry.Offset, entry.Length);

    private static class NativeMethods
    {
        [System.Runtime.InteropServices.DllImport("libc", SetLastError = true)]
        internal static extern int fallocate(Microsoft.Win32.SafeHandles.SafeFileHandle file, int mode, long offset, long length);
    }
}
