using System.Text.RegularExpressions;

namespace Dom0Image.Menus;

/// <summary>The lock on menus: protected entries, the editor and the command line. Only ever a hash.</summary>
internal static partial class MenuPassword
{
    /// <summary>The menu user whose password it is.</summary>
    public const string User = "root";

    /// <summary>Whether the text is what <c>grub-mkpasswd-pbkdf2</c> prints.</summary>
    public static bool IsHash(string text) => Form().IsMatch(text);

    /// <summary>
    /// Lines for the top of a menu. Without a hash the lock of the network loader, which knows no password, is taken off.
    /// </summary>
    public static IEnumerable<string> GrubLines(string? hash)
        => hash is null
            ? ["unset superusers"]
            : [$"set superusers={User}", "export superusers", $"password_pbkdf2 {User} {hash}"];

    [GeneratedRegex(@"\Agrub\.pbkdf2\.sha512\.[1-9][0-9]{0,8}(\.([0-9A-Fa-f]{2})+){2}\z")]
    private static partial Regex Form();
}
