using System.Collections.Immutable;
using Dom0Image.Diagnostics;
using Dom0Image.Recipes;
using Dom0Image.Store;

namespace Dom0Image.Archive;

/// <summary>
/// Decides where a recipe's packages come from: the mirrors of <c>--mirror=</c>, else those of the recipe, else those of the
/// site, else those of the host's apt, else the bootstrapper's default; and which of the suite's archives are taken from
/// there. Who names no mirror for security updates leaves that to the next one.
/// </summary>
internal static class MirrorResolver
{
    /// <summary>Kinds of URI that archives are read from.</summary>
    internal static readonly ImmutableArray<string> Schemes = ["http", "https", "file", "copy"];

    private static readonly ImmutableArray<string> Rolling = ["sid", "unstable", "experimental", "rc-buggy"];

    /// <summary>The sources of a recipe's packages, the suite itself first.</summary>
    /// <param name="recipe">What is built.</param>
    /// <param name="option"><c>--mirror=</c>; null when not given.</param>
    /// <param name="site">The site's mirrors; null when it names none.</param>
    /// <param name="context">For asking the host's apt, when all these leave something open.</param>
    /// <exception cref="BuildFailedException">No mirror is known for one of the archives.</exception>
    public static async Task<ImmutableArray<ArchiveSource>> ResolveAsync(Recipe recipe, DebianMirrors? option, DebianMirrors? site, StageContext context)
    {
        var keyring = Path.GetFullPath(Path.IsPathRooted(recipe.Keyring)
            ? recipe.Keyring
            : Path.Combine(Path.GetDirectoryName(Path.GetFullPath(recipe.File))!, recipe.Keyring));
        var named = ArchivesNamedBy(recipe);
        var suites = named.IsEmpty ? ArchivesOf(recipe.Suite) : named;
        HostArchive? host = null;
        var sources = ImmutableArray.CreateBuilder<ArchiveSource>();
        foreach (var suite in suites)
        {
            var uri = Pick(option, suite) ?? recipe.Mirrors.FirstOrDefault(mirror => mirror.Suite == suite)?.Uri ?? Pick(site, suite);
            if (uri is null)
            {
                host ??= await HostArchive.FindAsync(recipe.Suite, context).ConfigureAwait(false);
                uri = IsSecurity(suite) ? host.Security : host.Main;
            }

            if (uri is not null)
            {
                sources.Add(new ArchiveSource(uri, suite, recipe.Components, keyring));
            }
            else if (!IsSecurity(suite))
            {
                throw NoMirror(recipe);
            }
            else if (named.Contains(suite))
            {
                throw NoSecurity(recipe, suite);
            }
            else
            {
                context.Progress.Warn("no mirror of Debian's security updates is known: the image is built without them (--mirror=URI,SECURITY-URI names one)");
            }
        }

        return sources.ToImmutable();
    }

    /// <summary>Reads the value of <c>--mirror=</c>: <c>URI</c> or <c>URI,SECURITY-URI</c>.</summary>
    /// <exception cref="FormatException">It is none; the message says what would be.</exception>
    public static DebianMirrors Parse(string option)
    {
        ArgumentNullException.ThrowIfNull(option);
        var parts = option.Split(',', StringSplitOptions.TrimEntries);
        return parts.Length is 1 or 2
            ? new DebianMirrors(Uri(parts[0]), parts.Length == 2 ? Uri(parts[1]) : null)
            : throw Wrong();

        static Uri Uri(string text)
            => System.Uri.TryCreate(text.TrimEnd('/'), UriKind.Absolute, out var uri) && Schemes.Contains(uri.Scheme) && uri.UserInfo.Length == 0 ? uri : throw Wrong();

        static FormatException Wrong()
            => new("URI or URI,SECURITY-URI, with http, https, file or copy and without user name or password, such as http://mirror.example.org/debian");
    }

    private static Uri? Pick(DebianMirrors? mirrors, string suite) => IsSecurity(suite) ? mirrors?.Security : mirrors?.Debian;

    // What the recipe says in as many words, the suite itself first.
    private static ImmutableArray<string> ArchivesNamedBy(Recipe recipe)
        => recipe.Archives.IsEmpty ? [.. recipe.Mirrors.Select(mirror => mirror.Suite).OrderBy(suite => suite != recipe.Suite)] : recipe.Archives;

    private static ImmutableArray<string> ArchivesOf(string suite) => Rolling.Contains(suite) ? [suite] : Suites.Archives(suite);

    private static bool IsSecurity(string archive)
        => archive.EndsWith("-security", StringComparison.Ordinal) || archive.EndsWith("/updates", StringComparison.Ordinal);

    private static BuildFailedException NoSecurity(Recipe recipe, string archive)
        => new(new Diagnostic($"no mirror of Debian's security updates is known, and recipe '{recipe.Name}' wants '{archive}'")
        {
            Where = new SourceLocation(recipe.File),
            Hint = "Name one with --mirror=URI,SECURITY-URI or with 'mirrors' in the recipe.",
        });

    private static BuildFailedException NoMirror(Recipe recipe)
        => new(new Diagnostic($"no mirror of Debian is known for recipe '{recipe.Name}'")
        {
            Where = new SourceLocation(recipe.File),
            Hint = "Name one with --mirror=URI or with 'mirrors' in the recipe; the host's apt names none.",
        });
}
