using Dom0Image.Generations;
using Dom0Image.Recipes;

namespace Dom0Image.Pipeline;

/// <summary>What an administrator does after a publication.</summary>
public static class NextStep
{
    /// <summary>The sentence for the summary.</summary>
    public static string After(Places places, Site site, string generation) => places.Prefix.Length > 0
        ? $"Generation {generation} is published below {places.Prefix}; nothing outside it was touched. To serve it, publish without --prefix on the boot server {site.BootServer}."
        : $"Generation {generation} is published. See that dhcpd, tftpd-hpa and the NFS server run on {site.BootServer} and have read their new files, then boot a host ({Example(site)}).";

    private static string Example(Site site) => site.Hosts.IsEmpty ? "any in the subnet" : site.Hosts[0].Name;
}
