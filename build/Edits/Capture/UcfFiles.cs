using Dom0Image.Generations;
using Dom0Image.Posix;

namespace Dom0Image.Edits.Capture;

/// <summary>Configuration files that packages' scripts put in place by ucf(1), which keeps what it put there.</summary>
/// <param name="after">What the image is now.</param>
internal sealed class UcfFiles(ImageView after)
{
    private const string Cache = "/var/lib/ucf/cache";

    /// <summary>A file that is new, as its package brought it; null where ucf knows nothing of it.</summary>
    /// <param name="path">Its path, as the package has it.</param>
    /// <param name="now">What it is now: mode and owner are the script's.</param>
    public ManifestEntry? Brought(string path, ManifestEntry now)
        => now.Type == FileType.File && after.Find($"{after.Place(Cache)}/{path.Replace('/', ':')}") is { IsFile: true } kept && ManifestReader.ReadOne(kept.Path, "") is { } entry
            ? now with { Size = entry.Size, Sha256 = entry.Sha256 }
            : null;
}
