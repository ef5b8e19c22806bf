using System.Collections.Immutable;
using Dom0Image.Diagnostics;
using Dom0Image.Recipes;
using Dom0Image.Stages;

namespace Dom0Image.Archive;

/// <summary>
/// Decides where a recipe's packages come from: the recipe's own mirrors, else those of <c>--mirror=</c>, else those of
/// the host's apt, else the bootstrapper's default; and which of the suite's archives are taken from there.
/// </summary>
public static class MirrorResolver
{
    /// <summary>Kinds of URI that archives are read from.</summary>
    internal static readonly ImmutableArray<string> Schemes = ["http", "https", "file", "copy"];

    // Until buster the security suite was named SUITE/updates.
    private static readonly ImmutableArray<string> OldSecurityNames = ["etch", "lenny", "squeeze", "wheezy", "jessie", "stretch", "buster"];
    private static readonly ImmutableArray<string> Rolling = ["sid", "unstable", "experimental", "rc-buggy"];

    /// <summary>The sources of a recipe's packages, the suite itself first.</summary>
    /// <param name="recipe">What is built.</param>
    /// <param name="mirrorOption">
    /// <c>--mirror=</c>: the archive's URI, and after a comma that of the security archive (without it, the host's); null when not given.
    /// </param>
    /// <param name="context">For asking the host's apt.</param>
    /// <exception cref="BuildFailedException">The option is no URI, or no mirror is known.</exception>
    public static async Task<ImmutableArray<ArchiveSource>> ResolveAsync(Recipe recipe, string? mirrorOption, StageContext context)
    {
        var keyring = Path.GetFullPath(Path.IsPathRooted(recipe.Keyring)
            ? recipe.Keyring
            : Path.Combine(Path.GetDirectoryName(Path.GetFullPath(recipe.File))!, recipe.Keyring));
        ArchiveSource Source(Uri uri, string suite) => new(uri, suite, recipe.Components, keyring);

        if (!recipe.Mirrors.IsEmpty)
        {
            return [.. recipe.Mirrors.Select(mirror => Source(mirror.Uri, mirror.Suite))];
        }

        var named = ParseOption(mirrorOption);
        var host = named.Length == 2 ? null : await HostArchive.FindAsync(context).ConfigureAwait(false);
        var main = named.Length > 0 ? named[0] : host?.Main;
        var security = named.Length > 1 ? named[1] : host?.Security;
        if (main is null)
        {
            throw new BuildFailedException(new Diagnostic($"no mirror of Debian is known for recipe '{recipe.Name}'")
            {
                Where = new SourceLocation(recipe.File),
                Hint = "Name one with --mirror=URI or with 'mirrors' in the recipe; the host's apt names none.",
            });
        }

        if (!recipe.Archives.IsEmpty)
        {
            return [.. recipe.Archives.Select(archive => Source(IsSecurity(archive) ? security ?? throw NoSecurity(recipe, archive) : main, archive))];
        }

        if (Rolling.Contains(recipe.Suite))
        {
            return [Source(main, recipe.Suite)];
        }

        var sources = ImmutableArray.Create(Source(main, recipe.Suite));
        if (OldSecurityNames.Contains(recipe.Suite))
        {
            return security is null ? sources : sources.Add(Source(security, $"{recipe.Suite}/updates"));
        }

        sources = sources.Add(Source(main, $"{recipe.Suite}-updates"));
        if (security is not null)
        {
            return sources.Add(Source(security, $"{recipe.Suite}-security"));
        }

        context.Progress.Warn("no mirror of Debian's security updates is known: the image is built without them (--mirror=URI,SECURITY-URI names one)");
        return sources;
    }

    private static bool IsSecurity(string archive)
        => archive.EndsWith("-security", StringComparison.Ordinal) || archive.EndsWith("/updates", StringComparison.Ordinal);

    private static BuildFailedException NoSecurity(Recipe recipe, string archive)
        => new(new Diagnostic($"no mirror of Debian's security updates is known, and recipe '{recipe.Name}' wants '{archive}'")
        {
            Where = new SourceLocation(recipe.File),
            Hint = "Name one with --mirror=URI,SECURITY-URI or with 'mirrors' in the recipe.",
        });

    private static ImmutableArray<Uri> ParseOption(string? option)
    {
        if (string.IsNullOrWhiteSpace(option))
        {
            return [];
        }

        var parts = option.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return parts.Length is 1 or 2
            ? [.. parts.Select(Parse)]
            : throw Wrong(option);

        static Uri Parse(string text)
            => Uri.TryCreate(text.TrimEnd('/'), UriKind.Absolute, out var uri) && Schemes.Contains(uri.Scheme) ? uri : throw Wrong(text);

        static BuildFailedException Wrong(string text)
            => new(new Diagnostic($"--mirror={text} is not the address of a mirror")
            {
                Expected = "URI or URI,SECURITY-URI, with http, https, file or copy, such as http://mirror.example.org/debian",
            });
    }
}
