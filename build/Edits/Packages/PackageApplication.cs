using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Dom0Image.Archive;
using Dom0Image.Diagnostics;
using Dom0Image.Edits.Layers;
using Dom0Image.Posix;
using Dom0Image.RootFs.Image;
using Dom0Image.Store;

namespace Dom0Image.Edits.Packages;

/// <summary>Does to the packages of a tree what an edit did to those of another one: by apt and dpkg of the tree itself, which start no service.</summary>
/// <param name="root">The tree; absolute. No longer usable when a layer failed.</param>
/// <param name="date">What tools are told that note the time.</param>
/// <param name="finder">Finds packages.</param>
/// <param name="scratch">An empty directory of its own.</param>
/// <param name="context">Tools and progress.</param>
internal sealed partial class PackageApplication(string root, DateTimeOffset date, IPackageFinder finder, string scratch, StageContext context)
{
    // What it makes lies in /run, which is not the tree's.
    private static readonly ImmutableArray<string> Options =
    [
        "-q", "-y", "--no-install-recommends", "--allow-downgrades", "--allow-change-held-packages", "--allow-remove-essential",
        "-o", "Dir::Etc::sourcelist=/dev/null", "-o", "Dir::Etc::sourceparts=/dev/null", "-o", "Dir::State::lists=/run/apt/lists",
        "-o", "Dir::Cache=/run/apt", "-o", "Dir::Cache::archives=/run/apt", "-o", "Dir::Log=/run/apt", "-o", "APT::Sandbox::User=root",
        "-o", "Dpkg::Use-Pty=false", "-o", "Dpkg::Options::=--force-confdef", "-o", "Dpkg::Options::=--force-confold", "-o", "Dpkg::Options::=--log=/dev/null",
    ];

    /// <summary>Applies a layer.</summary>
    /// <exception cref="LayerFailedException">It does not go into this tree.</exception>
    /// <exception cref="BuildFailedException">Packages cannot be had.</exception>
    public async Task ApplyAsync(KeptLayer kept)
    {
        var (packages, settings) = (kept.Layer.Packages, kept.Layer.Settings);
        var tools = new ImageTools(root, date, context) { Packages = Directory.CreateDirectory(Path.Combine(scratch, kept.Layer.Name)).FullName };
        var there = await InstalledPackages.ReadAsync(root, context).ConfigureAwait(false);
        if (!settings.Debconf.IsEmpty)
        {
            await tools.RunAsync(string.Concat(settings.Debconf.Select(answer => $"{answer.Owner} {answer.Question} {answer.Type} {answer.Value}\n")), "debconf-set-selections").ConfigureAwait(false);
        }

        await SelectAsync(tools, [.. packages.Released.Where(there.Has)], "install").ConfigureAwait(false);
        var wanted = await WantedAsync(packages, there).ConfigureAwait(false);
        if (!wanted.IsEmpty)
        {
            await InstallAsync(kept, wanted, tools).ConfigureAwait(false);
            there = await InstalledPackages.ReadAsync(root, context).ConfigureAwait(false);
        }

        await SelectAsync(tools, [.. packages.Held.Where(there.Has)], "hold").ConfigureAwait(false);
        await MarkAsync(tools, "manual", [.. packages.Added.Select(package => package.Name).Concat(packages.Manual).Where(there.Has)]).ConfigureAwait(false);
    }

    private async Task<WantedPackages> WantedAsync(LayerPackages packages, InstalledPackages there)
    {
        bool IsHeld(PackageChoice package) => packages.Held.Any(held => held.Split(':')[0] == package.Name);
        var newer = ImmutableArray.CreateBuilder<PackageChoice>();
        foreach (var package in packages.Changed.Where(package => !IsHeld(package)))
        {
            // The base may have it by now, or a newer one.
            if (await there.HasOlderAsync(package.Name, package.Version).ConfigureAwait(false))
            {
                newer.Add(package);
            }
        }

        var fresh = packages.Added.Concat(packages.Needed).Where(package => !there.Has(package.Name)).ToList();
        return new WantedPackages(
            [.. fresh.Where(package => !IsHeld(package))], newer.ToImmutable(), [.. packages.Changed.Concat(fresh).Where(IsHeld)], [.. packages.Removed.Where(there.Has)])
        {
            Needed = [.. packages.Needed.Select(package => package.Name)],
        };
    }

    private async Task InstallAsync(KeptLayer kept, WantedPackages wanted, ImageTools tools)
    {
        var found = await finder.FindAsync(kept, wanted, root).ConfigureAwait(false);
        string[] Words(FoundPackages packages) => [.. Offer(packages.Files, tools.Packages), .. wanted.Removed.Select(name => $"{name}-")];
        var words = Words(found);
        if (!wanted.Removed.IsEmpty || !found.Spare.IsEmpty)
        {
            try
            {
                await RequireNoOtherRemovalAsync(tools, words, wanted).ConfigureAwait(false);
            }
            catch (LayerFailedException) when (!found.Spare.IsEmpty)
            {
                found = found with { Files = found.Files.AddRange(found.Spare) };
                words = Words(found);
                await RequireNoOtherRemovalAsync(tools, words, wanted).ConfigureAwait(false);
            }
        }

        await WithoutServicesAsync(() => AptAsync(tools, [.. Removing(wanted), "install", "--", .. words])).ConfigureAwait(false);
        await MarkAsync(tools, "auto", [.. found.Files.Keys.Where(name => wanted.Needed.Contains(name) || !kept.Layer.Packages.Added.Concat(kept.Layer.Packages.Changed).Any(package => package.Name == name))]).ConfigureAwait(false);
    }

    // Names in the directory that the tree finds as /run/packages.
    private static IEnumerable<string> Offer(ImmutableSortedDictionary<string, string> files, string packages)
    {
        foreach (var file in files.Values)
        {
            var name = Path.GetFileName(file);
            if (!File.Exists(Path.Combine(packages, name)) && !FileChange.TryMakeName(Path.Combine(packages, name), file))
            {
                File.Copy(file, Path.Combine(packages, name));
            }

            yield return $"/run/packages/{name}";
        }
    }

    // Where nothing is to go, apt itself sees to it.
    private static string[] Removing(WantedPackages wanted) => wanted.Removed.IsEmpty ? ["--no-remove"] : [];

    private static async Task RequireNoOtherRemovalAsync(ImageTools tools, string[] words, WantedPackages wanted)
    {
        var told = await AptAsync(tools, ["--simulate", "install", "--", .. words]).ConfigureAwait(false);
        var others = told.Where(line => Removal().IsMatch(line)).Select(line => Removal().Match(line).Groups[1].Value).Where(name => !wanted.Removed.Any(removed => removed.Split(':')[0] == name.Split(':')[0])).ToList();
        if (others.Count > 0)
        {
            throw new LayerFailedException(null, $"it would remove {string.Join(", ", others)}, which the base has and nobody asked for");
        }
    }

    private static async Task<IReadOnlyList<string>> AptAsync(ImageTools tools, string[] words)
    {
        try
        {
            return (await tools.RunAsync(null, "apt-get", [.. Options, .. words]).ConfigureAwait(false)).Lines;
        }
        catch (ToolFailedException failure) when (DiskSpace.IsDiskFull(failure) is false)
        {
            var reasons = UnsolvableException.Explains(failure) ? new UnsolvableException(failure).Reasons : [failure.LastLines.LastOrDefault(line => line.StartsWith("E: ", StringComparison.Ordinal)) ?? (failure.LastLines is [.., var last] ? last : failure.Message)];
            throw new LayerFailedException(null, string.Join("; ", reasons));
        }
    }

    // invoke-rc.d asks it; one that the base brings stays as it is.
    private async Task WithoutServicesAsync(Func<Task> work)
    {
        var policy = ContainedPath.Resolve(root, "/usr/sbin/policy-rc.d");
        var ours = FileNode.Find(policy) is null;
        if (ours)
        {
            FileChange.MakeFile(policy, "#!/bin/sh\nexit 101\n"u8, (int)PublicModes.Program);
        }

        await work().ConfigureAwait(false);
        if (ours)
        {
            FileChange.Delete(policy);
        }
    }

    private static Task SelectAsync(ImageTools tools, ImmutableArray<string> names, string state)
        => names.IsEmpty ? Task.CompletedTask : tools.RunAsync(string.Concat(names.Select(name => $"{name} {state}\n")), "dpkg", "--set-selections");

    private static Task MarkAsync(ImageTools tools, string how, ImmutableArray<string> names)
        => names.IsEmpty ? Task.CompletedTask : tools.RunAsync(null, "apt-mark", ["-o", "Dir::Cache=/run/apt", "-o", "Dir::State::lists=/run/apt/lists", how, "--", .. names]);

    [GeneratedRegex(@"^(?:Remv|Purg) (\S+)")]
    private static partial Regex Removal();
}
