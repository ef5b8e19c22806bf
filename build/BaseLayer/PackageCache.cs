using System.Collections.Concurrent;
using System.Security.Cryptography;
using Dom0Image.Archive;
using Dom0Image.Posix;

namespace Dom0Image.BaseLayer;

/// <summary>
/// Downloaded packages of a suite. apt believes a package that it finds by its size, so each one's hash is kept here and
/// checked before it is lent.
/// </summary>
/// <param name="directory">Absolute path; made when needed.</param>
internal sealed class PackageCache(string directory)
{

    private string SumsFile => Path.Combine(directory, "SHA256SUMS");

    /// <summary>Hard-links the packages that are as they were into <paramref name="target"/>; others are thrown away.</summary>
    public async Task LendAsync(string target, CancellationToken cancellation)
    {
        foreach (var (name, file) in await VerifiedAsync(cancellation).ConfigureAwait(false))
        {
            await LinkAsync(file, Path.Combine(target, name)).ConfigureAwait(false);
        }
    }

    /// <summary>Takes over the packages in <paramref name="source"/> that are new. They were verified by who downloaded them.</summary>
    public async Task KeepAsync(string source)
    {
        Directory.CreateDirectory(directory);
        var sums = ReadSums();
        var fresh = Directory.EnumerateFiles(source, "*.deb").Where(file => !sums.ContainsKey(Path.GetFileName(file))).ToList();
        if (fresh.Count == 0)
        {
            return;
        }

        foreach (var file in fresh)
        {
            var kept = Path.Combine(directory, Path.GetFileName(file));
            File.Delete(kept);
            await LinkAsync(file, kept).ConfigureAwait(false);
            sums[Path.GetFileName(file)] = Sum(kept);
            NoteUse(kept);
        }

        var text = string.Concat(sums.OrderBy(s => s.Key, StringComparer.Ordinal).Select(s => $"{s.Value}  {s.Key}\n"));
        Durable.ReplaceFile(SumsFile, System.Text.Encoding.UTF8.GetBytes(text), PublicModes.File);
    }

    /// <summary>Notes that the packages of a layer are in use, so that they are not taken for old ones.</summary>
    /// <param name="packageList">A file with a line <c>name version architecture</c> for each package.</param>
    public void NoteUseOf(string packageList)
    {
        foreach (var line in File.ReadLines(packageList))
        {
            if (line.Split(' ') is [var name, var version, var architecture]
                && Path.Combine(directory, DebFileName.Of(name, version, architecture)) is var file
                && File.Exists(file))
            {
                NoteUse(file);
            }
        }
    }

    // Packages are many, small, and go one by one: a note beside each would be as many files again.
    private static void NoteUse(string file) => File.SetLastWriteTimeUtc(file, DateTime.UtcNow);

    private async Task<IReadOnlyDictionary<string, string>> VerifiedAsync(CancellationToken cancellation)
    {
        var good = new ConcurrentDictionary<string, string>();
        await Parallel.ForEachAsync(ReadSums(), cancellation, (entry, _) =>
        {
            var file = Path.Combine(directory, entry.Key);
            if (File.Exists(file))
            {
                if (Sum(file) == entry.Value)
                {
                    good[entry.Key] = file;
                }
                else
                {
                    File.Delete(file);
                }
            }

            return ValueTask.CompletedTask;
        }).ConfigureAwait(false);
        return good;
    }

    private Dictionary<string, string> ReadSums()
        => File.Exists(SumsFile)
            ? File.ReadLines(SumsFile).Select(line => line.Split("  ", 2)).Where(parts => parts.Length == 2 && File.Exists(Path.Combine(directory, parts[1])))
                .ToDictionary(parts => parts[1], parts => parts[0])
            : [];

    private static string Sum(string file)
    {
        using var stream = File.OpenRead(file);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    private static async Task LinkAsync(string from, string to)
    {
        if (!FileChange.TryMakeName(to, from))
        {
            await using var source = File.OpenRead(from);
            await using var target = new FileStream(to, FileMode.CreateNew);
            await source.CopyToAsync(target).ConfigureAwait(false);
        }
    }
}
