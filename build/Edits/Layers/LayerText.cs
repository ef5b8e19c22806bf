using System.Collections.Immutable;
using Dom0Image.Posix;

namespace Dom0Image.Edits.Layers;

/// <summary>A layer's three parts for people, a line each.</summary>
internal static class LayerText
{
    /// <summary>Its lines.</summary>
    public static IEnumerable<string> Of(LayerPackages packages, LayerSettings settings, ImmutableArray<LayerPath> paths)
        => Part("Packages", Packages(packages)).Concat(Part("Settings", Settings(settings))).Concat(Part("Paths", paths.Select(Path)));

    private static IEnumerable<string> Part(string name, IEnumerable<string> lines)
    {
        string[] all = [.. lines];
        return all.Length == 0 ? [$"{name}: none"] : all.Select(line => $"  {line}").Prepend($"{name}:");
    }

    private static IEnumerable<string> Packages(LayerPackages packages)
        => packages.Added.Select(p => $"add {Choice(p)}").Concat(packages.Needed.Select(p => $"add {Choice(p)}, which another one needs")).Concat(packages.Removed.Select(p => $"remove {p}"))
            .Concat(packages.Changed.Select(p => $"take {Choice(p)}")).Concat(packages.Held.Select(p => $"hold {p}")).Concat(packages.Released.Select(p => $"hold {p} no more"))
            .Concat(packages.Manual.Select(p => $"keep {p}, whoever needs it"));

    private static string Choice(PackageChoice package) => $"{package.Name} {package.Version}{(package.Sha256 is null ? "" : " (a file of yours)")}";

    // No password: hashes are for nobody's eyes.
    private static IEnumerable<string> Settings(LayerSettings settings)
        => settings.Users.Select(u => $"user {u.Name}, number {u.Uid}, group {u.Group}, {u.Home}, {u.Shell}").Concat(settings.RemovedUsers.Select(u => $"no user {u}"))
            .Concat(settings.Groups.Select(g => $"group {g.Key}, number {g.Value}")).Concat(settings.RemovedGroups.Select(g => $"no group {g}"))
            .Concat(settings.Members.Select(m => $"{m.User} {(m.IsMember ? "in" : "not in")} group {m.Group}")).Concat(settings.Passwords.Select(p => $"password of {p.Key}"))
            .Concat(settings.Alternatives.Select(a => $"alternative {a.Key}: {a.Value}")).Concat(settings.Diversions.Select(d => d.Value is null ? $"no diversion of {d.Key}" : $"diversion of {d.Key} to {d.Value}"))
            .Concat(settings.StatOverrides.Select(s => s.Value is null ? $"no stat override of {s.Key}" : $"stat override of {s.Key}: {s.Value}"))
            .Concat(settings.Services.Select(s => $"service {s.Key} {(s.Value ? "starts" : "does not start")}"))
            .Concat(settings.Debconf.Select(d => $"debconf {d.Question}: {ByteName.Printable(d.Value)}"));

    private static string Path(LayerPath path)
    {
        var what = path switch
        {
            { New: null } => "delete",
            { Old: null } => "new",
            { Old.Type: var old, New.Type: var now } when old != now => $"{Kind(old)} becomes {Kind(now)}",
            _ when path.Old.Sha256 != path.New.Sha256 || path.Old.Target != path.New.Target => "edit",
            _ => $"{path.Old.Mode} {path.Old.Uid}:{path.Old.Gid} becomes {path.New.Mode} {path.New.Uid}:{path.New.Gid}",
        };
        return $"{what}: {ByteName.Printable(path.Path)}{((path.New ?? path.Old)!.Type == FileType.Directory ? "/" : "")}";
    }

    private static string Kind(FileType type) => type switch
    {
        FileType.File => "file",
        FileType.Directory => "directory",
        FileType.Symlink => "link",
        FileType.Fifo => "pipe",
        _ => "device",
    };
}
