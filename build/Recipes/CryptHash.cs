using Dom0Image.Recipes.Model;

namespace Dom0Image.Recipes;

/// <summary>A password's hash as <c>/etc/shadow</c> takes it; see crypt(5).</summary>
internal sealed record CryptHash
{
    /// <summary>How people come to one.</summary>
    public const string HowToMake = "Make one with 'openssl passwd -6' or 'mkpasswd --method=sha-512'; a plain password is never taken.";

    /// <summary>What it looks like; nothing else makes one.</summary>
    public static readonly ScalarShape<CryptHash> Shape = new(
        "crypt(3) password hash", "$6$SALT$HASH", @"^\$(1|5|6|7|y|gy|2[aby])\$[./A-Za-z0-9=$,-]{20,}$", text => new CryptHash(text))
    {
        Secret = true,
        HintFor = _ => HowToMake,
    };

    private readonly string _text;

    private CryptHash(string text) => _text = text;

    /// <inheritdoc cref="ScalarShape{T}.Parse"/>
    public static CryptHash Parse(string text) => Shape.Parse(text);

    /// <summary>The hash.</summary>
    public override string ToString() => _text;
}
