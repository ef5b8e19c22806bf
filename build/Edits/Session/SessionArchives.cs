using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Dom0Image.Archive;
using Dom0Image.BaseLayer;
using Dom0Image.Diagnostics;
using Dom0Image.Posix;
using Dom0Image.Processes;
using Dom0Image.Recipes;
using Dom0Image.Store;

namespace Dom0Image.Edits.Session;

/// <summary>
/// What apt finds in a session: the archives that the recipe is built from, with their lists, and the packages that are in the store. All
/// of it lies outside of what the session writes; and what the session writes there reaches no store unless it is what a signed list says.
/// </summary>
/// <param name="recipe">The recipe.</param>
/// <param name="sources">Where its packages come from.</param>
/// <param name="context">Store, tools, progress, cancellation.</param>
internal sealed class SessionArchives(Recipe recipe, ImmutableArray<ArchiveSource> sources, StageContext context)
{
    private const string Place = "/run/dom0image/apt";

    // Where the lists are, whether they can be fetched now or not.
    private readonly string _home = new AptLists(sources, recipe.Architecture, context, state: null).Home;

    /// <summary>Archives that lie on this machine's disk.</summary>
    public ImmutableArray<string> OnDisk => [.. sources.Where(source => source.Uri.IsFile || source.Uri.Scheme == "copy").Select(source => source.Uri.LocalPath.TrimEnd('/')).Distinct()];

    /// <summary>Makes it anew. A mirror that is away is told of: what is known of it, and what is in the store, can be installed.</summary>
    public async Task PrepareAsync(SessionFolder folder)
    {
        if (sources.FirstOrDefault(source => !File.Exists(source.Keyring)) is { } lacking)
        {
            throw new BuildFailedException(new Diagnostic($"the keyring '{lacking.Keyring}' of suite '{lacking.Suite}' is not there"));
        }

        SafeDelete.Tree(folder.AptLower);
        var archives = Directory.CreateDirectory(Path.Combine(folder.AptLower, "cache", "archives", "partial")).Parent!.FullName;
        var keyrings = Directory.CreateDirectory(Path.Combine(folder.AptLower, "keyrings")).FullName;
        Directory.CreateDirectory(Path.Combine(folder.AptLower, "parts"));
        var inside = sources.Select((source, number) =>
        {
            File.Copy(source.Keyring, Path.Combine(keyrings, $"{number}.gpg"));
            return source with { Keyring = $"{Place}/keyrings/{number}.gpg" };
        });
        await File.WriteAllTextAsync(Path.Combine(folder.AptLower, "archive.sources"), AptState.Sources([.. inside]), context.Cancellation).ConfigureAwait(false);

        using var held = await BuildLock.AcquireAsync([context.Store.LockFile], wait: true, context.Progress, context.Cancellation).ConfigureAwait(false);
        await new PackageCache(context.Store.PackageCache(recipe.Suite, recipe.Architecture)).LendAsync(archives, context.Cancellation).ConfigureAwait(false);
        await RefreshAsync().ConfigureAwait(false);
        if (Directory.Exists(Path.Combine(_home, "lists")))
        {
            // By names of their own: what the session changes is copied first.
            await context.RunAsync(new ToolCommand("cp", "-al", "--", Path.Combine(_home, "lists"), folder.AptLower)).ConfigureAwait(false);
        }

        Directory.CreateDirectory(Path.Combine(folder.AptLower, "lists", "partial"));
    }

    /// <summary>apt's settings in a session.</summary>
    public async Task<string> SettingsAsync()
    {
        var settings = new StringBuilder("// Of this session alone.\n");
        foreach (var (name, value) in new[]
        {
            ("Dir::Etc::sourcelist", $"{Place}/archive.sources"),
            ("Dir::State::lists", $"{Place}/lists"),
            ("Dir::Cache", $"{Place}/cache"),
            ("Acquire::Languages", "none"),
            ("APT::Sandbox::User", "root"),
            ("Binary::apt::APT::Keep-Downloaded-Packages", "true"),
            ("Dpkg::Use-Pty", "false"),
        })
        {
            settings.Append($"{name} \"{value}\";\n");
        }

        return settings.AppendJoin('\n', (await AptConfig.OfHostAsync(context).ConfigureAwait(false)).ForAnotherApt()).Append('\n').ToString();
    }

    /// <summary>
    /// What the signed lists have of these packages: <c>name version architecture</c>, and the file's SHA-256. Lists are fetched anew where
    /// one is missed: the session may have done so, too.
    /// </summary>
    /// <param name="packages">Each as <c>name version architecture</c>.</param>
    public async Task<ImmutableDictionary<string, string>> KnownAsync(ImmutableArray<string> packages)
    {
        var known = await AskAsync(packages).ConfigureAwait(false);
        if (packages.All(known.ContainsKey))
        {
            return known;
        }

        using (await BuildLock.AcquireAsync([context.Store.LockFile], wait: true, context.Progress, context.Cancellation).ConfigureAwait(false))
        {
            await RefreshAsync().ConfigureAwait(false);
        }

        return await AskAsync(packages).ConfigureAwait(false);
    }

    /// <summary>Takes over the packages that a session fetched into the store, as far as they are what the lists say.</summary>
    public async Task KeepFetchedAsync(SessionFolder folder)
    {
        var named = (Directory.Exists(folder.Fetched) ? Directory.GetFiles(folder.Fetched, "*.deb") : [])
            .Select(file => (file, name: DebFileName.Parse(Path.GetFileName(file)))).Where(deb => deb.name is not null && FileNode.Get(deb.file).IsFile).ToList();
        var known = await AskAsync([.. named.Select(deb => $"{deb.name!.Value.Package} {deb.name.Value.Version} {deb.name.Value.Architecture}")]).ConfigureAwait(false);
        var good = Path.Combine(folder.Path, "verified");
        SafeDelete.Tree(good);
        Directory.CreateDirectory(good);
        foreach (var (file, name) in named)
        {
            if (known.TryGetValue($"{name!.Value.Package} {name.Value.Version} {name.Value.Architecture}", out var sum) && Sum(file) == sum)
            {
                FileChange.TryMakeName(Path.Combine(good, Path.GetFileName(file)), file);
            }
        }

        using var held = await BuildLock.AcquireAsync([context.Store.LockFile], wait: true, context.Progress, context.Cancellation).ConfigureAwait(false);
        await new PackageCache(context.Store.PackageCache(recipe.Suite, recipe.Architecture)).KeepAsync(good).ConfigureAwait(false);
    }

    internal static string Sum(string file)
    {
        using var stream = new FileStream(FileNode.Get(file).Open(), FileAccess.Read);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    private async Task<ImmutableDictionary<string, string>> AskAsync(ImmutableArray<string> packages)
    {
        var known = ImmutableDictionary.CreateBuilder<string, string>();
        if (!packages.IsEmpty && Directory.Exists(Path.Combine(_home, "lists")))
        {
            var configuration = AptState.Write(_home, sources, recipe.Architecture, await AptConfig.OfHostAsync(context).ConfigureAwait(false));
            var shown = await context.RunAsync((new ToolCommand("apt-cache", "show", "--") { SuccessCodes = [0, 100] }).With([.. packages.Select(package => package.Split(' ')[0]).Distinct()])
                .WithEnvironment("APT_CONFIG", configuration).WithEnvironment("LC_ALL", "C.UTF-8")).ConfigureAwait(false);
            foreach (var stanza in shown.Output.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select(text => text.Split('\n')))
            {
                string Field(string name) => stanza.FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal))?[name.Length..].Trim() ?? "";
                known[$"{Field("Package:")} {Field("Version:")} {Field("Architecture:")}"] = Field("SHA256:");
            }
        }

        return known.ToImmutable();
    }

    private async Task RefreshAsync()
    {
        try
        {
            var state = await ArchiveState.ReadAsync(sources, context).ConfigureAwait(false);
            _ = await new AptLists(sources, recipe.Architecture, context, state).CommandAsync("apt-cache").ConfigureAwait(false);
        }
        catch (BuildFailedException problem)
        {
            context.Progress.Warn($"{problem.Diagnostics[0].What.Split('\n')[0]}; going on with what is in the store");
        }
    }
}
