using Dom0Image.Recipes.Model;

namespace Dom0Image.Recipes;

/// <summary>
/// One word of a kernel's or hypervisor's command line. It has no spaces, quotes and backslashes: GRUB's loaders put backslashes
/// before these and quotes around words with spaces, whatever a script does.
/// </summary>
internal sealed record BootOption
{
    /// <summary>Any.</summary>
    public static readonly ScalarShape<BootOption> Any = Shape(text => new BootOption(text));

    /// <summary>Those that the menu does not write itself: kernel and root belong to one generation.</summary>
    public static readonly ScalarShape<BootOption> OfProfile = Shape(text => text.Split('=')[0] is "root" or "nfsroot" or "rw" or "ro" or "dom0_mem"
        ? Parsed<BootOption>.Bad("is written by the menu itself", text.StartsWith("dom0_mem", StringComparison.Ordinal) ? "Use the profile's 'dom0-memory'." : "Leave it out.")
        : new BootOption(text));

    private readonly string _text;

    private BootOption(string text) => _text = text;

    /// <summary>What stands before its value.</summary>
    public string Name => _text.Split('=')[0];

    /// <inheritdoc cref="ScalarShape{T}.Parse"/>
    public static BootOption Parse(string text) => Any.Parse(text);

    /// <summary>The word.</summary>
    public override string ToString() => _text;

    private static ScalarShape<BootOption> Shape(Func<string, Parsed<BootOption>> read) => new("boot option", "via-rhine.avoid_D3=1", "^[A-Za-z0-9_][A-Za-z0-9_.,:=/@%+~-]*$", read)
    {
        MayBeNumber = true,
        Details = ", one word without quotes,",
        HintFor = text => text.Contains(' ') ? "Give each option as an item of its own." : null,
    };
}
