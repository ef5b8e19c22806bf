using Dom0Image.ClientLoads;
using Dom0Image.Diagnostics;
using Dom0Image.Recipes;

namespace Dom0Image.Pruning;

/// <summary>Takes clients out of the record of which somebody says that they run nothing any more.</summary>
internal static class GoneClients
{
    /// <summary>The record without them.</summary>
    /// <param name="record">The record.</param>
    /// <param name="gone">Names of the site's hosts, or addresses.</param>
    /// <param name="site">The site.</param>
    /// <exception cref="BuildFailedException">One is not in the record; names those that are.</exception>
    public static ClientRecord Without(ClientRecord record, IEnumerable<string> gone, Site site)
    {
        var names = site.Hosts.ToDictionary(host => $"{host.Address}", host => host.Name);
        var wrong = new List<Diagnostic>();
        foreach (var name in gone)
        {
            var address = site.Hosts.FirstOrDefault(host => host.Name == name) is { } host ? $"{host.Address}" : name;
            if (!record.Clients.ContainsKey(address))
            {
                string[] known = [.. record.Clients.Keys.Select(key => names.GetValueOrDefault(key, key))];
                wrong.Add(new Diagnostic($"'{name}' is none of the clients that are known to have loaded a generation")
                {
                    Expected = known.Length > 0 ? $"one of {string.Join(", ", known)}" : null,
                    Hint = Nearest.Hint(name, known),
                });
            }

            record = record with { Clients = record.Clients.Remove(address) };
        }

        return wrong.Count > 0 ? throw new BuildFailedException(wrong) : record;
    }
}
