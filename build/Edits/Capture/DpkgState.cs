using System.Collections.Immutable;

namespace Dom0Image.Edits.Capture;

/// <summary>What dpkg and apt say of the packages of an image.</summary>
/// <param name="Packages">Those that are installed, by name; of another architecture than the image's, by <c>name:architecture</c>.</param>
internal sealed record DpkgState(ImmutableSortedDictionary<string, InstalledPackage> Packages)
{
    /// <summary>Reads <c>/var/lib/dpkg/status</c> and apt's <c>extended_states</c>.</summary>
    public static DpkgState Read(ImageView image)
    {
        var automatic = Stanzas(image.Text("/var/lib/apt/extended_states"))
            .Where(stanza => stanza.GetValueOrDefault("Auto-Installed") == "1").Select(stanza => (stanza.GetValueOrDefault("Package"), stanza.GetValueOrDefault("Architecture"))).ToHashSet();
        var stanzas = Stanzas(image.Text("/var/lib/dpkg/status")).Where(stanza => stanza.GetValueOrDefault("Status", "").EndsWith(" installed", StringComparison.Ordinal)).ToList();
        var own = stanzas.FirstOrDefault(stanza => stanza["Package"] == "dpkg")?.GetValueOrDefault("Architecture");
        var packages = ImmutableSortedDictionary.CreateBuilder<string, InstalledPackage>(StringComparer.Ordinal);
        foreach (var stanza in stanzas)
        {
            var (name, architecture) = (stanza["Package"], stanza.GetValueOrDefault("Architecture", ""));
            packages[architecture == own || architecture == "all" || own is null ? name : $"{name}:{architecture}"] = new InstalledPackage(name, stanza.GetValueOrDefault("Version", ""), architecture)
            {
                Held = stanza["Status"].StartsWith("hold ", StringComparison.Ordinal),
                // apt notes those of all architectures as the image's own.
                Automatic = automatic.Contains((name, architecture)) || (architecture == "all" && automatic.Any(known => known.Item1 == name)),
                Conffiles = Conffile(stanza.GetValueOrDefault("Conffiles", "")),
            };
        }

        return new DpkgState(packages.ToImmutable());
    }

    private static ImmutableDictionary<string, string> Conffile(string field)
        => field.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(line => line.Split(' ')).Where(words => words.Length >= 2)
            .GroupBy(words => words[0]).ToImmutableDictionary(group => group.Key, group => group.First()[1]);

    private static IEnumerable<Dictionary<string, string>> Stanzas(string text)
    {
        foreach (var stanza in text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries))
        {
            var fields = new Dictionary<string, string>(StringComparer.Ordinal);
            var name = "";
            foreach (var line in stanza.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                if (line[0] is ' ' or '\t')
                {
                    fields[name] = fields.GetValueOrDefault(name) + "\n" + line.TrimStart();
                }
                else if (line.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon)
                {
                    name = line[..colon];
                    fields[name] = line[(colon + 1)..].Trim();
                }
            }

            if (fields.ContainsKey("Package"))
            {
                yield return fields;
            }
        }
    }
}

/// <summary>A package that is installed.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Version">Its version.</param>
/// <param name="Architecture">Its architecture.</param>
internal sealed record InstalledPackage(string Name, string Version, string Architecture)
{
    /// <summary>Whether it is on hold.</summary>
    public bool Held { get; init; }

    /// <summary>Whether it is there because another one needs it.</summary>
    public bool Automatic { get; init; }

    /// <summary>Configuration files that it asks about, and the MD5 sums with which it brought them.</summary>
    public ImmutableDictionary<string, string> Conffiles { get; init; } = ImmutableDictionary<string, string>.Empty;
}
