using System.Collections.Immutable;
using System.Text;
using Dom0Image.Recipes;
using Dom0Image.Store;

namespace Dom0Image.Boot;

/// <summary>Everything that a site's clients need to boot a generation, as values: nothing is on disk yet.</summary>
/// <param name="Menus">
/// GRUB menus and links between them, by path relative to <c>/tftpboot/menus/KEY</c> (which clients know as <c>/grub</c>):
/// <c>PROFILE.conf</c>, <c>HOST.conf</c>, <c>by-mac/MAC.conf</c>, <c>default.conf</c>, and <c>daily/...</c> for the daily
/// server. Empty when there is no generation to name.
/// </param>
/// <param name="ServerFiles">Configuration of servers, by absolute place, such as <c>/etc/dhcp/dhcpd.conf</c>.</param>
/// <param name="Serial">The serial line that the network loader talks on; null for the screen only.</param>
internal sealed record BootFileSet(
    ImmutableSortedDictionary<string, BootFile> Menus,
    ImmutableSortedDictionary<string, BootText> ServerFiles,
    SerialLine? Serial)
{
    /// <summary>Names the immutable directory of these menus: <c>/tftpboot/menus/KEY</c>. The same menus have the same key.</summary>
    public string MenuKey => Menus.Aggregate(
        StageKey.For("menus", 1),
        (key, menu) => menu.Value switch
        {
            BootText text => key.Add($"text {menu.Key}", text.Content),
            BootLink link => key.Add($"link {menu.Key}", link.Target),
            _ => throw new InvalidOperationException($"unknown kind of boot file: {menu.Value}"),
        }).Build().Short;

    /// <summary>The bytes that a client gets which asks for a menu: links are followed.</summary>
    public byte[] MenuContent(string path) => Menus[path] switch
    {
        BootText text => Encoding.UTF8.GetBytes(text.Content),
        BootLink link => MenuContent(Path.GetRelativePath("/", Path.GetFullPath(Path.Combine("/", Path.GetDirectoryName(path)!, link.Target)))),
        _ => throw new InvalidOperationException($"unknown kind of boot file: {Menus[path]}"),
    };

    /// <summary>Texts of the menus, by path; links are left out.</summary>
    public IEnumerable<(string Path, string Content)> MenuTexts
        => Menus.Where(m => m.Value is BootText).Select(m => (m.Key, ((BootText)m.Value).Content));
}
