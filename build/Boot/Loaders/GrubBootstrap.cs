using Dom0Image.Menus;
using Dom0Image.Recipes;

namespace Dom0Image.Boot.Loaders;

/// <summary>
/// The configuration inside the network loader: finds the host's menu on the server that the loader came from. The first
/// of two menus is looked for first; then by DHCP's host name, by MAC (under UEFI the name may be missing), and the default.
/// </summary>
internal static class GrubBootstrap
{
    private const int Tries = 3;
    private const int SecondsBetweenTries = 5;

    /// <summary>The script.</summary>
    public static string Render(SerialLine? serial) => Grub2.Text(
    [
        .. serial?.GrubLines ?? [],
        // Nobody knows this user's password: no shell here. Menus set their own.
        $"set superusers={MenuPassword.User}",
        "regexp --set=1:server '^\\(tftp,([^)]*)\\)' \"$cmdpath\"",
        "if [ -z \"$server\" ]; then",
        "  set server=\"$net_default_server\"",
        "fi",
        "eval \"set host=\\\"\\$net_${net_default_interface}_hostname\\\"\"",
        $"for try in {string.Join(' ', Enumerable.Range(1, Tries))}; do",
        "  for folder in /grub/daily /grub; do",
        "    for name in \"$host\" \"by-mac/$net_default_mac\" default; do",
        "      if [ -n \"$name\" -a -z \"$menu\" ]; then",
        "        if [ -s \"(tftp,$server)$folder/$name.conf\" ]; then",
        "          set menu=\"(tftp,$server)$folder/$name.conf\"",
        "        fi",
        "      fi",
        "    done",
        "  done",
        $"  if [ -z \"$menu\" -a \"$try\" != {Tries} ]; then",
        $"    sleep {SecondsBetweenTries}",
        "  fi",
        "done",
        "if [ -n \"$menu\" ]; then",
        "  echo \"Dom0Image: $menu\"",
        // Not 'configfile': Escape would lead back to here.
        "  source \"$menu\"",
        "else",
        "  echo \"Dom0Image: $server has no menu for '$host' ($net_default_mac, $net_default_ip).\"",
        $"  echo 'Trying again in {Grub2.SecondsToRead} seconds.'",
        $"  sleep {Grub2.SecondsToRead}",
        "  reboot",
        "fi",
    ]);
}
