using System.Globalization;
using Dom0Image.Posix;
using Dom0Image.Processes;
using Dom0Image.Store;

namespace Dom0Image.Storage;

/// <summary>A file system in a file: XFS, since generations can share blocks in it (reflinks).</summary>
internal static class VolumeImage
{
    // It holds all that clients' roots hold.
    private const int Mode = 0b110_000_000;

    /// <summary>Makes it. It appears under its name when it is whole; what a kill leaves is deleted by the next call.</summary>
    /// <param name="file">Absolute path; its directory must exist, and it must not.</param>
    /// <param name="size">Bytes.</param>
    /// <param name="sparse">Whether the disk is only taken as it is written; false to take all of it now.</param>
    /// <param name="context">Tools.</param>
    /// <exception cref="Diagnostics.BuildFailedException">There is no room for it, or a tool failed.</exception>
    public static async Task MakeAsync(string file, long size, bool sparse, StageContext context)
    {
        var directory = Path.GetDirectoryName(file)!;
        var made = Durable.TemporaryName(file);
        try
        {
            FileChange.Delete(made);
            FileChange.MakeFile(made, [], Mode);
            if (MountInfo.Read().Holding(directory).Type == "btrfs")
            {
                // Else each block that is written again goes elsewhere, and needs room that was not kept. Only for empty files.
                await context.RunAsync(new ToolCommand("chattr", "+C", made)).ConfigureAwait(false);
            }

            if (sparse)
            {
                FileChange.SetSize(made, size);
            }
            else
            {
                await context.RunAsync(new ToolCommand("fallocate", "--posix", "--length", Bytes(size), made)).ConfigureAwait(false);
            }

            // -K: what was allocated stays so. Sectors of 4096 bytes can be mounted from disks of either kind.
            await context.RunAsync(new ToolCommand("mkfs.xfs", "-q", "-K", "-m", "reflink=1", "-s", "size=4096", made)).ConfigureAwait(false);
            Durable.SyncFile(made);
            Durable.RenameAndSync(made, file);
        }
        catch (Exception problem)
        {
            FileChange.Delete(made);
            throw DiskSpace.Explain(problem, directory) ?? problem;
        }
    }

    internal static string Bytes(long size) => size.ToString(CultureInfo.InvariantCulture);
}
