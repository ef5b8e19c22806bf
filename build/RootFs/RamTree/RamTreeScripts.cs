using System.Collections.Immutable;
using System.Globalization;
using Dom0Image.Recipes;
using Dom0Image.RootFs.Flash;
using Dom0Image.RootFs.Overlays;
using Dom0Image.Store;

namespace Dom0Image.RootFs.RamTree;

/// <summary>The texts that go into an image to make its RAM tree at boot; all that differs between images comes from the recipe.</summary>
internal static class RamTreeScripts
{
    /// <summary>The service that builds the RAM tree.</summary>
    public const string RamTree = "dom0-ramtree";

    /// <summary>The service that gives a client its own machine-id and SSH host keys.</summary>
    public const string Identity = "dom0-identity";

    private static readonly ImmutableArray<string> MachineIds = ["/etc/machine-id", "/var/lib/dbus/machine-id"];

    private static readonly ImmutableArray<string> KeyTypes = ["ed25519", "ecdsa", "rsa"];

    /// <summary>Whether clients of this recipe need their device nodes made.</summary>
    public static bool NeedsDevices(Recipe recipe) => !Suites.HasDevtmpfs(recipe.Suite);

    /// <summary>What it must precede in every image.</summary>
    private static readonly ImmutableArray<string> StartBefore = ["udev", "hostname", "mountdevsubfs", "checkroot"];

    /// <summary>The POSIX shell script that builds the RAM tree.</summary>
    /// <param name="recipe">What the image is.</param>
    /// <param name="alsoBefore">Names, as LSB headers provide them, of more scripts that it must precede.</param>
    public static string RamTreeScript(Recipe recipe, IEnumerable<string>? alsoBefore = null) => Render(RamTree + ".sh.template", new()
    {
        ["start-before"] = string.Join(' ', StartBefore.Union(alsoBefore ?? [])),
        ["archive"] = FlashPaths.RamTree,
        ["aside"] = FlashPaths.Aside,
        ["size"] = recipe.Flash.SizeLimit.ToString(CultureInfo.InvariantCulture),
        ["make-devices"] = NeedsDevices(recipe) ? OwnDevices.Replace("{{ devices }}", FlashPaths.Devices, StringComparison.Ordinal) : KernelsDevices,
        ["attributes"] = Suites.TarHasAttributes(recipe.Suite) ? " --xattrs --xattrs-include='user.*' --xattrs-include='system.posix_acl_*'" : "",
        ["touches"] = Touches(recipe.Flash),
    });

    /// <summary>The POSIX shell script that gives a client its identity.</summary>
    public static string IdentityScript(Recipe recipe) => Render(Identity + ".sh.template", new()
    {
        ["machine-ids"] = string.Join(' ', MachineIds.Where(file => FlashPaths.Covering(recipe.Flash, file) is not null)),
        ["host-key-types"] = string.Join(' ', HostKeyTypes(recipe.Flash)),
    });

    /// <summary>The systemd unit of a service.</summary>
    public static string Unit(string service) => EmbeddedText.Of($"RamTree/{service}.service");

    /// <summary>Kinds of SSH host key that the flash list has a place for.</summary>
    public static ImmutableArray<string> HostKeyTypes(FlashList list)
        => [.. KeyTypes.Where(type => FlashPaths.Covering(list, $"/etc/ssh/ssh_host_{type}_key") is not null
            && FlashPaths.Covering(list, $"/etc/ssh/ssh_host_{type}_key.pub") is not null)];

    private const string KernelsDevices = """
            # The kernel makes the nodes; udev's script expects them there, or mounts them itself.
            is_mounted devtmpfs /dev || mount -n -t devtmpfs -o mode=0755 devtmpfs /dev ||
                fail devices "Cannot mount /dev. Does the kernel have CONFIG_DEVTMPFS, and was /proc mounted before this?"
            mark devices
        """;

    private const string OwnDevices = """
            # This suite's kernel makes no nodes, and udev's script needs some.
            devices={{ devices }}
            [ -r "$devices" ] || fail devices "The image has no readable $devices. Build it again."
            mount -n -t tmpfs -o size=1048576,mode=0755 dev /dev ||
                fail devices "Cannot mount a tmpfs on /dev. Does the kernel have CONFIG_TMPFS?"
            tar -x -p -m --numeric-owner -f "$devices" -C /dev ||
                fail devices "Cannot unpack $devices."
            mark devices
        """;

    private static string Touches(FlashList list)
    {
        var lines = ImmutableArray.CreateBuilder<string>();
        if (FlashPaths.Covering(list, "/var/log/dmesg") is not null)
        {
            lines.Add("""    : >>"$flash/var/log/dmesg" || fail local "Cannot write $flash/var/log/dmesg." """.TrimEnd());
        }

        if (FlashPaths.Covering(list, "/etc/network/run/ifstate") is not null)
        {
            lines.Add("""    echo lo=lo >"$flash/etc/network/run/ifstate" || fail local "Cannot write $flash/etc/network/run/ifstate." """.TrimEnd());
        }

        return lines.Count == 0 ? "    :" : string.Join('\n', lines);
    }

    private static string Render(string name, Dictionary<string, string> values)
        => Template.Render(EmbeddedText.Of($"RamTree/{name}"), name, new TemplateValues(values.ToImmutableSortedDictionary(StringComparer.Ordinal)));
}
