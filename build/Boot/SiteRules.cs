using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Dom0Image.Diagnostics;
using Dom0Image.Menus;
using Dom0Image.Recipes;

namespace Dom0Image.Boot;

/// <summary>
/// What the boot files ask of a site and a generation. Values that go into them as bare words are checked here once more,
/// whoever made the site: what passes cannot end a string, a line or a block.
/// </summary>
internal static partial class SiteRules
{
    /// <summary>Checks everything.</summary>
    /// <exception cref="BuildFailedException">All that is wrong.</exception>
    public static void Check(Site site, GenerationBoot? generation)
    {
        var found = new List<Diagnostic>();
        Names(site, found);
        Addresses(site, found);
        Options(site, found);
        if (site.MenuPasswordHash is { } hash && !MenuPassword.IsHash(hash))
        {
            found.Add(At(site, "the menu password is not a PBKDF2 hash", "what 'grub-mkpasswd-pbkdf2' prints: grub.pbkdf2.sha512...."));
        }

        if (generation is not null)
        {
            Files(generation, found);
        }

        if (found.Count > 0)
        {
            throw new BuildFailedException(found);
        }
    }

    private static void Names(Site site, List<Diagnostic> found)
    {
        Require(site.Name, FileName(), "site name", site, found);
        foreach (var profile in site.Profiles)
        {
            Require(profile.Name, FileName(), "profile name", site, found);
        }

        var profiles = site.Profiles.Select(p => p.Name).ToHashSet();
        foreach (var host in site.Hosts)
        {
            Require(host.Name, Label(), "host name", site, found, host.Where);
            if (!profiles.Contains(host.Profile))
            {
                found.Add(At(site, $"host '{host.Name}' has the unknown profile '{host.Profile}'", $"one of: {string.Join(", ", profiles)}", host.Where));
            }

            if (profiles.Contains(host.Name) || host.Name is "default")
            {
                found.Add(At(site, $"the menu of host '{host.Name}' would have the same file as that of a profile", "another name for the profile or the host", host.Where));
            }
        }

        if (site.DefaultProfile is { } name && !profiles.Contains(name))
        {
            found.Add(At(site, $"the default profile '{name}' is unknown", $"one of: {string.Join(", ", profiles)}"));
        }

        if (profiles.Contains("default") && site.DefaultProfile is not "default")
        {
            found.Add(At(site, "a profile named 'default' would be what unlisted hosts boot, but it is not the default profile", "another name for it"));
        }

        foreach (var twins in site.Hosts.GroupBy(h => h.Name).Concat(site.Hosts.SelectMany(h => h.Macs.Select(m => (Host: h, Mac: m))).GroupBy(c => c.Mac.ToString(), c => c.Host)).Where(g => g.Count() > 1))
        {
            found.Add(At(site, $"'{twins.Key}' belongs to {twins.Count()} hosts", "one host for each name and MAC", twins.Last().Where));
        }

        foreach (var domain in site.Subnets.Select(s => s.Domain).OfType<string>())
        {
            Require(domain, Domain(), "domain", site, found);
        }
    }

    private static void Addresses(Site site, List<Diagnostic> found)
    {
        IEnumerable<IPAddress?> all =
        [
            site.BootServer, site.Daily?.Address,
            .. site.Hosts.Select(h => h.Address),
            .. site.Subnets.SelectMany(s => new[] { s.Network.BaseAddress, s.Router, s.Range?.First, s.Range?.Last }),
            .. site.Subnets.SelectMany(s => s.NameServers.IsDefault ? [] : s.NameServers),
        ];
        found.AddRange(all.OfType<IPAddress>()
            .Where(a => a.AddressFamily != AddressFamily.InterNetwork)
            .Select(a => At(site, $"'{a}' cannot be used to boot from", "an IPv4 address")));
        found.AddRange(site.Hosts.SelectMany(h => h.Macs.Where(m => m.GetAddressBytes().Length != 6)
            .Select(m => At(site, $"'{m}' of host '{h.Name}' is no Ethernet address", "six bytes", h.Where))));
        found.AddRange(site.Hosts.Where(h => h.Interface is { } name && !Interface().IsMatch(name))
            .Select(h => At(site, $"'{h.Interface}' of host '{h.Name}' is no interface", "the kernel's name of one, such as eth0", h.Where)));
    }

    private static void Options(Site site, List<Diagnostic> found)
    {
        foreach (var profile in site.Profiles)
        {
            var who = $"of profile '{profile.Name}'";
            Title(profile.Title, $"title {who}", site, found);
            Word(profile.Dom0Memory, $"dom0 memory {who}", site, found);
            foreach (var option in profile.KernelOptions.Concat(profile.XenOptions))
            {
                Word(option, $"option {who}", site, found);
            }

            found.AddRange(profile.KernelOptions.Where(ProfileCommandLines.MovesRoot)
                .Select(o => At(site, $"option '{o}' {who} would change the root, which belongs to the generation that the menu names", "other options")));
            if (profile.Serial is { } serial && SerialLine.Parse(serial) is null)
            {
                found.Add(At(site, $"'{serial}' {who} is no serial line", "port and speed, such as 0,115200"));
            }
        }

        if (site.MenuTimeout is < 0 or > 3600)
        {
            found.Add(At(site, $"menus cannot wait {site.MenuTimeout} seconds", "0 to 3600"));
        }

        if (site.Daily is { } daily)
        {
            Title(daily.Title, "title of the daily server's entry", site, found);
            Word(daily.Kernel, "kernel of the daily server", site, found);
            Word(daily.Initrd, "initrd of the daily server", site, found);
            foreach (var option in DailyMenu.Words(daily.Options))
            {
                Word(option, "option of the daily server's entry", site, found);
            }
        }
    }

    private static void Files(GenerationBoot generation, List<Diagnostic> found)
    {
        IEnumerable<string?> names = [generation.GenerationId, generation.HypervisorFileName, .. generation.Kernels.Select(k => k.FileName)];
        found.AddRange(names.OfType<string>().Where(n => !FileName().IsMatch(n))
            .Select(n => new Diagnostic($"'{n}' cannot stand in a menu") { Expected = "a file name of letters, digits, '.', '_', '+' and '-'" }));
        if (generation.Kernels.IsDefaultOrEmpty)
        {
            found.Add(new Diagnostic($"generation {generation.GenerationId} has no kernel") { Expected = "at least one" });
        }
    }

    private static void Title(string title, string what, Site site, List<Diagnostic> found)
    {
        if (title.Length == 0 || title.Any(char.IsControl))
        {
            found.Add(At(site, $"the {what} is empty or has control characters", "one line of text"));
        }
    }

    private static void Word(string? word, string what, Site site, List<Diagnostic> found)
    {
        if (word is not null && GrubText.WhyNotAnOption(word) is { } why)
        {
            found.Add(At(site, $"the {what}, '{word}', {why}", "a word without spaces, quotes and backslashes"));
        }
    }

    private static void Require(string value, Regex form, string what, Site site, List<Diagnostic> found, SourceLocation? where = null)
    {
        if (!form.IsMatch(value))
        {
            found.Add(At(site, $"'{value}' is no {what}", "letters, digits and '-'" + (form == FileName() ? ", '_', '.', '+'" : ""), where));
        }
    }

    private static Diagnostic At(Site site, string what, string expected, SourceLocation? where = null)
        => new(what) { Expected = expected, Where = where ?? new SourceLocation(site.File) };

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._+-]{0,127}\z")]
    private static partial Regex FileName();

    [GeneratedRegex(@"\A[A-Za-z][A-Za-z0-9]{0,14}\z")]
    private static partial Regex Interface();

    [GeneratedRegex(@"\A[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\z")]
    private static partial Regex Label();

    [GeneratedRegex(@"\A[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*\z")]
    private static partial Regex Domain();
}
