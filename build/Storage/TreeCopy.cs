using Dom0Image.Boot;
using Dom0Image.Posix;
using Dom0Image.Processes;
using Dom0Image.Store;

namespace Dom0Image.Storage;

/// <summary>Copies what a directory holds into a volume that is mounted where nobody else can see it.</summary>
/// <param name="volume">The volume.</param>
/// <param name="places">Where it is.</param>
/// <param name="context">Tools.</param>
internal sealed class TreeCopy(ExportVolume volume, StoragePlaces places, StageContext context)
{
    // $1 what to mount, $2 where, $3 its type, $4 options. The mounts end with the shell, however it ends.
    private const string Mount =
        """
        mkdir -p "$2"
        mount -t "$3" -o "$4" "$1" "$2"
        """;

    private const string List = Mount + "\n" +
        """
        ls -A "$2"
        """;

    // $5 what to copy. Names, owners, modes, times, links, attributes and holes; then all of it is compared, by content. Without
    // --modify-window=-1 rsync takes times of the same second for the same, and neither sets nor misses the rest.
    private const string Copy = Mount + "\n" +
        """
        rsync -aHAX --modify-window=-1 --numeric-ids --sparse --delete --exclude=/lost+found -- "$5/" "$2/"
        sync -f "$2"
        echo compare
        different=$(rsync -aHAXn --modify-window=-1 --numeric-ids --checksum --delete --itemize-changes --exclude=/lost+found -- "$5/" "$2/")
        if test -n "$different"; then
          echo "the copy differs:" >&2
          echo "$different" | head -n 15 >&2
          exit 1
        fi
        umount "$2"
        """;

    /// <summary>Names at the top of the volume, but for what an empty ext4 has.</summary>
    public async Task<IReadOnlyList<string>> ContentAsync()
    {
        var listed = await context.RunAsync(InPrivate(List)).ConfigureAwait(false);
        return [.. listed.Lines.Where(name => name != "lost+found")];
    }

    /// <summary>Makes the volume hold what a tree holds, and nothing else; what was copied before is not copied again.</summary>
    /// <param name="tree">The tree.</param>
    /// <exception cref="Diagnostics.BuildFailedException">It could not be copied whole, or somebody changed it meanwhile.</exception>
    public Task CopyAsync(string tree)
    {
        context.Progress.Report($"copying {volume.Name}");
        return context.RunAsync(
            InPrivate(Copy, tree) with { Hint = "Nothing was moved yet. See that nothing writes there, and start it again" },
            line => context.Progress.Report(line == "compare" ? $"comparing {volume.Name}" : $"copying {volume.Name}"));
    }

    /// <summary>Deletes what was made for it.</summary>
    public void CleanUp() => SafeDelete.Tree(MountPoint);

    private string MountPoint => $"{places.OnDisk(ExportVolume.ImageFiles)}/{volume.Name}.copy";

    private ToolCommand InPrivate(string script, params string[] more)
    {
        string[] mount = [VolumeMount.Source(volume, places), MountPoint, VolumeUnits.TypeOf(volume) ?? "auto", string.Join(',', VolumeUnits.MountOptions(volume))];
        return IsolatedScript.Command(script, [.. mount, .. more]);
    }
}
