using Dom0Image.Recipes.Model;

namespace Dom0Image.Recipes;

/// <summary>GRUB's hash of the password for protected menu entries and the editor.</summary>
internal sealed record MenuPasswordHash
{
    /// <summary>How people come to one.</summary>
    public const string HowToMake = "Make one with 'grub-mkpasswd-pbkdf2'; a plain password is never taken.";

    /// <summary>What it looks like; nothing else makes one.</summary>
    public static readonly ScalarShape<MenuPasswordHash> Shape = new(
        "GRUB password hash", "grub.pbkdf2.sha512.10000.SALT.HASH", @"^grub\.pbkdf2\.sha512\.[1-9][0-9]{3,8}\.([0-9A-Fa-f]{2}){8,}\.([0-9A-Fa-f]{2}){32,}$", text => new MenuPasswordHash(text))
    {
        Secret = true,
        HintFor = _ => HowToMake,
    };

    private readonly string _text;

    private MenuPasswordHash(string text) => _text = text;

    /// <inheritdoc cref="ScalarShape{T}.Parse"/>
    public static MenuPasswordHash Parse(string text) => Shape.Parse(text);

    /// <summary>What <c>grub-mkpasswd-pbkdf2</c> prints.</summary>
    public override string ToString() => _text;
}
