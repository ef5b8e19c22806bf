using System.Collections.Immutable;
using Dom0Image.Recipes.Model;

namespace Dom0Image.Recipes;

/// <summary>Passwords in a site: hashes only, written out or in a file that the site names. Messages never show them.</summary>
internal static class Secrets
{
    private static readonly ScalarShape<string> PublicKey = new(
        "public SSH key", "ssh-ed25519 AAAA... admin@example.org",
        @"^(ssh-ed25519|ssh-rsa|ssh-dss|ecdsa-sha2-nistp(256|384|521)|sk-ssh-ed25519@openssh\.com|sk-ecdsa-sha2-nistp256@openssh\.com) [A-Za-z0-9+/]{40,}={0,3}( [^\x00-\x1f]*)?$",
        text => text)
    {
        Details = " on one line",
        Secret = true,
        HintFor = text => text.Contains("PRIVATE", StringComparison.Ordinal) ? "This is the private key: give the file that ends in .pub, and treat this key as known to others." : null,
    };

    /// <summary>The menu password's hash.</summary>
    public static readonly Field<MenuPasswordHash?> MenuHash = Field<MenuPasswordHash?>.Optional(
        "menu-password-hash", MenuPasswordHash.Shape!, null, "GRUB's PBKDF2 hash of the password for protected menu entries and the editor (grub-mkpasswd-pbkdf2). Without a hash there is no password.");

    /// <summary>A file that holds it.</summary>
    public static readonly Field<MenuPasswordHash?> MenuHashFile = Field<MenuPasswordHash?>.Optional(
        "menu-password-hash-file", new SecretFileShape<MenuPasswordHash>(MenuPasswordHash.Shape, MenuPasswordHash.HowToMake)!, null, "A file on the build machine that holds that hash and nothing else.");

    private static readonly Field<CryptHash?> PasswordHash = Field<CryptHash?>.Optional(
        "password-hash", CryptHash.Shape!, null, "crypt(3) hash of root's password (openssl passwd -6).");

    private static readonly Field<CryptHash?> PasswordHashFile = Field<CryptHash?>.Optional(
        "password-hash-file", new SecretFileShape<CryptHash>(CryptHash.Shape, CryptHash.HowToMake)!, null, "A file on the build machine that holds that hash and nothing else.");

    private static readonly Field<bool> Locked = Field<bool>.Optional(
        "password", new WordShape<bool>("setting for root's password", ("locked", true)) { Secret = true, HintFor = _ => CryptHash.HowToMake + " The hash is given as 'password-hash'." },
        false, "locked: nobody logs in as root with a password.");

    private static readonly Field<bool> Empty = Field<bool>.Optional(
        "empty-password", new WordShape<bool>("permission for an empty password", ("allowed", true)) { Secret = true }, false,
        "allowed: root logs in on the console without a password. For test networks only.");

    private static readonly Field<ImmutableArray<string>> AuthorizedKeys = Field<ImmutableArray<string>>.Optional(
        "authorized-keys", new ListShape<string>("public SSH keys", PublicKey), [], "Public SSH keys that may log in as root.");

    /// <summary>The key <c>root-login</c>.</summary>
    public static readonly Field<RootLogin> RootLogin = Field<RootLogin>.Needed(
        "root-login",
        new ObjectShape<RootLogin>("a way to log in as root", [PasswordHash, PasswordHashFile, Locked, Empty, AuthorizedKeys],
            f => new RootLogin(f.Get(PasswordHash) ?? f.Get(PasswordHashFile), f.Get(AuthorizedKeys), f.Get(Empty)))
        {
            Rules =
            [
                new AtMostOne(PasswordHash, PasswordHashFile, Locked, Empty),
                new AtLeastOne("the site does not say how root logs in", PasswordHash, PasswordHashFile, Locked, Empty, AuthorizedKeys),
            ],
        },
        "How root logs in on the clients.");
}
