using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Dom0Image.Recipes;
using Dom0Image.RootFs.Image;

namespace Dom0Image.BootLab;

/// <summary>
/// Passwords of the lab's clients and menus. They guard nothing: the lab's network has no way in. The image's own stay
/// unknown to the lab; its servers show clients another <c>/etc/shadow</c> in the place of the image's.
/// </summary>
internal static class LabLogin
{
    /// <summary>Root's password on the clients, and of the menus.</summary>
    public const string Password = "boot-lab";

    // crypt(3) of the password, SHA-512.
    private const string Hash = "$6$bootlab$GWopwoSh028jbArH9rowQWgDEdi3dFV9DDwf5IYdrzGMa5cfQpQEVfAtU7Cn8eNTY1jxDDP4eyBt/y8UlWTBN1";

    // Few, since a client's firmware runs them on a slow processor.
    private const int MenuIterations = 1000;
    private const int MenuHashLength = 64;

    /// <summary>An image's <c>/etc/shadow</c> with the lab's password for root.</summary>
    public static string Shadow(IEnumerable<string> lines) => PasswordFields.Replace(lines, "root", Hash);

    /// <summary>GRUB's hash of the password.</summary>
    public static MenuPasswordHash MenuHash()
    {
        var salt = Encoding.ASCII.GetBytes("the boot lab's menu");
        var hash = Rfc2898DeriveBytes.Pbkdf2(Password, salt, MenuIterations, HashAlgorithmName.SHA512, MenuHashLength);
        return MenuPasswordHash.Parse(string.Create(CultureInfo.InvariantCulture, $"grub.pbkdf2.sha512.{MenuIterations}.{Convert.ToHexString(salt)}.{Convert.ToHexString(hash)}"));
    }
}
