using System.Collections.Immutable;
using Dom0Image.Recipes;

namespace Dom0Image.Boot.Servers;

/// <summary>The files of a boot server below <c>/etc</c>.</summary>
internal static class ServerFiles
{
    private static readonly ImmutableArray<ServerFile> Others = [AddressWait.File, .. VolumeUnits.Files];

    private static readonly ImmutableDictionary<string, ServerFile> All = BootServers.All.SelectMany(server => server.Files).Concat(Others).ToImmutableDictionary(file => file.Place);

    /// <summary>The file that is read at a place.</summary>
    public static ServerFile At(string place) => All[place];

    /// <summary>What a package's script makes at a place; null where it makes nothing, or an answer is nobody's.</summary>
    public static string? AsPackaged(string place, DebconfAnswers answers) => All.GetValueOrDefault(place)?.AsPackaged?.Invoke(answers);

    /// <summary>Those of a site, with their texts.</summary>
    public static IEnumerable<(ServerFile File, BootText Text)> Of(Site site)
        => from file in BootServers.WithFiles(site).SelectMany(server => server.Files).Concat(Others)
           let lines = file.Lines(site)
           where lines is not null
           select (file, new BootText(OwnershipMark.Sign(site.Name, string.Concat(lines.Select(line => line + "\n")))));
}
