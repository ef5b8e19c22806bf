using System.Collections.Immutable;
using Dom0Image.Generations;
using Dom0Image.Recipes;

namespace Dom0Image.RootFs.Overlays;

/// <summary>What the placeholders of templates stand for. Immutable.</summary>
/// <param name="Values">Values by name; names are lower case, such as <c>site.boot-server</c>.</param>
internal sealed record TemplateValues(ImmutableSortedDictionary<string, string> Values)
{
    /// <summary>The values that every overlay can use.</summary>
    public static TemplateValues From(Recipe recipe, Site site) => new(new Dictionary<string, string>
    {
        ["recipe.name"] = recipe.Name,
        ["recipe.suite"] = recipe.Suite,
        ["recipe.architecture"] = recipe.Architecture,
        ["recipe.init"] = recipe.Init == InitSystem.Systemd ? "systemd" : "sysvinit",
        ["flash.size"] = $"{recipe.Flash.SizeLimit}",
        ["site.name"] = site.Name,
        ["site.boot-server"] = $"{site.BootServer}",
        ["site.images"] = Places.DomUImages,
        ["site.networks"] = string.Join(' ', site.Subnets.Select(subnet => subnet.Network)),
        ["site.name-servers"] = string.Join(' ', site.Subnets.SelectMany(subnet => subnet.NameServers).Distinct()),
        ["site.domain"] = site.Subnets.Select(subnet => subnet.Domain).FirstOrDefault(domain => domain is not null) ?? "",
    }.ToImmutableSortedDictionary(StringComparer.Ordinal));
}
