using Dom0Image.Recipes;

namespace Dom0Image.Menus;

/// <summary>The lock on menus: protected entries, the editor and the command line. Only ever a hash.</summary>
internal static class MenuPassword
{
    /// <summary>The menu user whose password it is.</summary>
    public const string User = "root";

    /// <summary>
    /// Lines for the top of a menu. Without a hash the lock of the network loader, which knows no password, is taken off.
    /// </summary>
    public static IEnumerable<string> GrubLines(MenuPasswordHash? hash)
        => hash is null
            ? ["unset superusers"]
            : [$"set superusers={User}", "export superusers", $"password_pbkdf2 {User} {hash}"];
}
