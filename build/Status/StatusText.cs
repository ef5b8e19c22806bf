using System.Globalization;
using System.Text;
using Dom0Image.Diagnostics;
using Dom0Image.Posix;

namespace Dom0Image.Status;

/// <summary>A status as one screen of text. Many hosts are told in groups, unless they were asked for by name.</summary>
internal static class StatusText
{
    private const int MostHosts = 20;
    private const int MostGenerations = 12;

    /// <summary>The text.</summary>
    /// <param name="status">What is told.</param>
    /// <param name="eachHost">Whether each host has a line, however many there are.</param>
    public static string Write(SiteStatus status, bool eachHost)
    {
        var text = new StringBuilder();
        TextTable.Wrapped(text, "", $"Site {status.Site}, boot server {status.BootServer}, {Time(status.At)} UTC");
        TextTable.Wrapped(text, "", status.Boots is { } id ? $"Hosts boot {id}." : "Nothing is published.");
        if (status.Hold is { } hold)
        {
            TextTable.Wrapped(text, "", $"Publication is held since {Time(hold.Since)} UTC for {hold.Generation}.");
        }

        if (!status.Hosts.IsEmpty)
        {
            text.Append(CultureInfo.InvariantCulture, $"\nHosts: {status.Hosts.Length:N0}{Count(", {0} answer", status.Hosts.Select(host => host.Answers))}{Count(", {0} connected to the NFS server", status.Hosts.Select(host => host.Connected))}\n");
            TextTable.Write(text, eachHost || status.Hosts.Length <= MostHosts ? [.. status.Hosts.Select(Row).Prepend(["host", "address", "profile", "boots next", "runs now", "answers"])] : Groups(status.Hosts));
        }

        if (!status.Generations.IsEmpty)
        {
            text.Append(CultureInfo.InvariantCulture, $"\nGenerations: {status.Generations.Length}\n");
            TextTable.Write(text, [["", "id", "made, UTC", "own", "whole", "booted", "edits", "used by"], .. status.Generations.Take(MostGenerations).Select(Row)]);
            if (status.Generations.Length > MostGenerations)
            {
                text.Append(CultureInfo.InvariantCulture, $"  ... and {status.Generations.Length - MostGenerations} older ones; all of them: --json\n");
            }
        }

        foreach (var generation in status.Generations.Where(generation => generation.Role is GenerationRole.Ready or GenerationRole.Damaged).Take(MostGenerations))
        {
            TextTable.Wrapped(text, generation.Role is GenerationRole.Ready ? "Ready, not published: " : "Damaged: ", $"{generation.Id}: {ByteName.Printable(generation.Why ?? "")}");
        }

        foreach (var note in status.Notes)
        {
            TextTable.Wrapped(text, "Note: ", ByteName.Printable(note));
        }

        text.Append('\n');
        if (status.Next is { } next)
        {
            TextTable.Command(text, "Next: ", next.Command);
            TextTable.Wrapped(text, "      ", $"({next.Why})");
        }
        else
        {
            text.Append("Next: nothing; all is as it should be.\n");
        }

        return text.ToString();
    }

    private static string[] Row(HostStatus host) => [host.Name, host.Address, Profile(host), Next(host.Next), Runs(host), Word(host.Answers)];

    private static string[] Row(GenerationStatus generation) =>
    [
        generation.Role is GenerationRole.Booted ? "*" : "",
        generation.Id,
        generation.Created is { } created ? Time(created) : "?",
        generation.OwnBytes is { } own ? HumanText.Size(own) : "?",
        generation.Bytes is { } bytes ? HumanText.Size(bytes) : "?",
        generation.BootTest switch { BootTestState.None => generation.Role is GenerationRole.Damaged ? "?" : "no", BootTestState.Failed => "FAILED", BootTestState.Quick => "quick", _ => "full" },
        generation.Edits.IsEmpty ? "none" : generation.Edits.Length > 1 ? $"{generation.Edits.Length}, to {generation.Edits[^1]}" : generation.Edits[0],
        Users(generation),
    ];

    private static string Users(GenerationStatus generation)
    {
        string Some(int number, string one, string many) => number switch { 0 => "", 1 => $"1 {one}", _ => string.Create(CultureInfo.InvariantCulture, $"{number:N0} {many}") };
        string[] users = [.. new[] { Some(generation.Hosts, "host", "hosts"), Some(generation.Clients, "client", "clients"), Some(generation.MenuSets, "set of menus", "sets of menus") }.Where(user => user.Length > 0)];
        return users.Length == 0 ? "nobody known" : string.Join(", ", users);
    }

    private static IReadOnlyList<string[]> Groups(IEnumerable<HostStatus> hosts) =>
    [
        ["profile", "boots next", "runs now", "hosts", "answer", "such as"],
        .. from host in hosts
           group host by (Profile: Profile(host), Next: Next(host.Next), Runs: Runs(host)) into alike
           orderby alike.Count() descending
           select new[]
           {
               alike.Key.Profile, alike.Key.Next, alike.Key.Runs,
               alike.Count().ToString("N0", CultureInfo.InvariantCulture),
               alike.All(host => host.Answers is null) ? "?" : alike.Count(host => host.Answers == true).ToString("N0", CultureInfo.InvariantCulture),
               alike.First().Name,
           },
    ];

    // What the site says, and what the published menu says where that is another one.
    private static string Profile(HostStatus host) => host.Next.Profile is { } published && published != host.Profile ? $"{published}, site: {host.Profile}" : host.Profile;

    private static string Next(NextBoot next)
        => (next.Daily is { } daily ? $"the day's of {daily}, else " : "") + (next.Generation ?? "?") + (next.Problem is { } problem ? $" ({problem})" : "");

    private static string Runs(HostStatus host) => (host.Connected, host.Loaded, host.Mounted) switch
    {
        (null, { } loaded, _) => $"loaded {loaded.Generation} last",
        (null, _, _) => "not known",
        (false, { } loaded, _) => $"not connected; loaded {loaded.Generation} last",
        (false, _, _) => "not connected",
        (_, { } loaded, _) => loaded.Generation,
        (_, _, []) => "connected; which is not known",
        (_, _, [var only]) => only,
        (_, _, var several) => $"one of {string.Join(", ", several)}",
    };

    private static string Count(string words, IEnumerable<bool?> all)
        => all.Any(one => one is not null) ? string.Format(CultureInfo.InvariantCulture, words, all.Count(one => one == true).ToString("N0", CultureInfo.InvariantCulture)) : "";

    private static string Word(bool? answer) => answer switch { null => "?", true => "yes", false => "no" };

    private static string Time(DateTimeOffset time) => time.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
}
