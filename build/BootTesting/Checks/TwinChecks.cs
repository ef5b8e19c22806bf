using System.Collections.Immutable;
using Dom0Image.BootLab.Clients;

namespace Dom0Image.BootTesting.Checks;

/// <summary>Clients that share a root must not share an identity: what each told of its own is held against the others'.</summary>
internal static class TwinChecks
{
    // Each is a list of words; clients with one word in common are twins, whatever else they have.
    private static readonly ImmutableArray<string> Identities = ["machine-id", "host-keys"];

    /// <summary>Adds what was found to the checks of each client that told anything; a client alone has nobody to be compared with.</summary>
    public static ImmutableArray<ClientOutcome> Add(ImmutableArray<ClientOutcome> clients)
        => [.. clients.Select(client => client.Facts.IsEmpty || clients.Length == 1
            ? client
            : client with { Checks = [.. client.Checks, .. Identities.Select(identity => Distinct(clients, client, identity))] })];

    private static CheckResult Distinct(ImmutableArray<ClientOutcome> clients, ClientOutcome client, string identity)
    {
        var mine = Words(client, identity);
        var twins = clients
            .Where(other => other.HostName != client.HostName)
            .Select(other => (other.HostName, Shared: string.Join(' ', mine.Intersect(Words(other, identity)))))
            .Where(other => other.Shared.Length > 0)
            .Select(other => $"{other.Shared} is also that of {other.HostName}");
        var detail = string.Join("; ", twins);
        return new CheckResult($"{identity}-is-its-own", detail.Length == 0, detail);
    }

    private static string[] Words(ClientOutcome client, string identity)
        => client.Facts.GetValueOrDefault(identity, "").Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
