using System.Collections.Immutable;
using System.Net;
using Dom0Image.ClientLoads;
using Dom0Image.Diagnostics;
using Dom0Image.Generations;
using Dom0Image.Recipes;
using Dom0Image.Storage;

namespace Dom0Image.Status;

/// <summary>Looks how a site stands. Takes no lock and writes nothing: it may be asked at any time, also while a build runs.</summary>
/// <param name="places">Where things are published.</param>
/// <param name="site">The site.</param>
internal sealed class StatusReader(Places places, Site site)
{
    /// <summary>Where the NFS server notes who mounted what; null where it is not this machine's that serves.</summary>
    public string? Mounts { get; init; } = places.Prefix.Length == 0 ? MountNotes.File : null;

    /// <summary>Addresses that are connected to the NFS server; null where that is not known.</summary>
    public ImmutableArray<IPAddress>? Connected { get; init; } = places.Prefix.Length == 0 && NfsClients.IsServed() ? NfsClients.Connected() : null;

    /// <summary>Looks.</summary>
    /// <param name="hosts">Hosts that are wanted: names, or their beginnings with a <c>*</c>; none for all.</param>
    /// <param name="probe">Whether hosts are asked if they answer.</param>
    /// <param name="cancellation">Stops the asking.</param>
    /// <exception cref="BuildFailedException">No host has such a name, or something that is not ours stands where menus are published.</exception>
    public async Task<SiteStatus> ReadAsync(ImmutableArray<string> hosts, bool probe, CancellationToken cancellation)
    {
        var wanted = Wanted(hosts);
        var asked = probe ? HostProbe.AskAsync([.. wanted.Select(host => host.Address)], cancellation) : Task.FromResult<IReadOnlyDictionary<IPAddress, bool?>>(new Dictionary<IPAddress, bool?>());
        var menus = PublishedMenus.Read(places);
        var boots = CurrentState.Booted(places);
        var generations = new GenerationReading(places, boots).Read();
        var state = new StateReading(places);
        var hold = state.Hold();
        var all = HostsOf(menus, state.Loads());
        var answers = await asked.ConfigureAwait(false);
        var status = new SiteStatus(site.Name, DateTimeOffset.UtcNow, $"{site.BootServer}", boots, menus.Key)
        {
            Hosts = [.. wanted.Select(host => all[host.Name] with { Answers = answers.GetValueOrDefault(host.Address) })],
            Generations = [.. generations.Select(generation => Used(generation, [.. all.Values], hold, state))],
            Hold = hold,
            Notes =
            [
                .. state.Problems,
                .. Connected is null ? [$"which clients are connected is not known: {(places.Prefix.Length > 0 ? "what lies below a prefix is served to nobody" : "no NFS server runs on this machine")}"] : Array.Empty<string>(),
                .. probe && answers.Values.All(answer => answer is null) && !wanted.IsEmpty ? ["hosts could not be asked whether they answer: that needs root"] : Array.Empty<string>(),
            ],
        };
        return status with { Next = NextStepOf.Status(status, places) };
    }

    private Dictionary<string, HostStatus> HostsOf(PublishedMenus menus, IReadOnlyDictionary<string, ClientLoad> loads)
    {
        var mounts = MountNotes.Read(Mounts);
        var connected = Connected?.ToHashSet();
        return site.Hosts.ToDictionary(host => host.Name, host => new HostStatus(host.Name, $"{host.Address}", host.Profile, menus.NextOf(host, site.Daily))
        {
            Connected = connected?.Contains(host.Address),
            Loaded = loads.GetValueOrDefault($"{host.Address}"),
            Mounted = [.. mounts[$"{host.Address}"].Concat(mounts[host.Name]).Distinct().Order(StringComparer.Ordinal)],
        });
    }

    private static GenerationStatus Used(GenerationStatus generation, IReadOnlyCollection<HostStatus> hosts, PublicationHold? hold, StateReading state) => generation with
    {
        Hosts = hosts.Count(host => host.Next.Generation == generation.Id),
        Clients = hosts.Count(host => host.Connected == true && (host.Loaded is { } loaded ? loaded.Generation == generation.Id : host.Mounted.Contains(generation.Id))),
        Why = generation.Why ?? (generation.Role is not GenerationRole.Ready ? null
            : generation.Recipe is { } recipe && state.Conflicts(recipe) is > 0 and var open ? $"edits of {recipe} are in conflict, {open} in all: ./build.sh --target=Edits --recipe={recipe}"
            : hold is not null ? $"publication is held for {hold.Generation}"
            : generation.BootTest switch
            {
                BootTestState.None => "it was not booted in the lab",
                BootTestState.Quick => "it was booted in one way only",
                BootTestState.Failed => "its boot test failed",
                _ => "nobody published it",
            }),
    };

    private ImmutableArray<BootHost> Wanted(ImmutableArray<string> names)
    {
        bool Is(BootHost host, string name) => name.EndsWith('*') ? host.Name.StartsWith(name.TrimEnd('*'), StringComparison.Ordinal) : host.Name == name;
        var unknown = names.Where(name => !site.Hosts.Any(host => Is(host, name))).ToList();
        return unknown.Count == 0
            ? [.. site.Hosts.Where(host => names.IsEmpty || names.Any(name => Is(host, name)))]
            : throw new BuildFailedException(unknown.Select(name => new Diagnostic($"site {site.Name} has no host '{name}'") { Hint = Nearest.Hint(name, site.Hosts.Select(host => host.Name)) }));
    }
}
