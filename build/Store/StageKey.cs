using System.Security.Cryptography;
using System.Text;
using Dom0Image.Posix;

namespace Dom0Image.Store;

/// <summary>What decides whether a stage runs again: a hash over everything that its output depends on.</summary>
/// <param name="Value">64 lower-case hex digits (SHA-256).</param>
internal readonly record struct StageKey(string Value)
{
    /// <summary>The first 12 digits, enough for directory names that people read.</summary>
    public string Short => Value[..ShortLength];

    /// <summary>Characters of <see cref="Short"/>.</summary>
    public const int ShortLength = 12;

    /// <inheritdoc/>
    public override string ToString() => Value;

    /// <summary>Starts a key for a stage whose own code goes into it, see <see cref="StageSource"/>.</summary>
    internal static StageKeyBuilder For(string stage) => new StageKeyBuilder().Add("stage", stage);

    /// <summary>Starts a key for what no code of its own shapes, or in a format whose number is <paramref name="version"/>.</summary>
    public static StageKeyBuilder For(string stage, int version) => new StageKeyBuilder().Add("stage", stage).Add("version", $"{version}");
}

/// <summary>Collects a stage's inputs, by name, in a fixed order. Every part is length-prefixed, so that parts cannot run together.</summary>
internal sealed class StageKeyBuilder
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>Adds a value.</summary>
    public StageKeyBuilder Add(string name, string value)
    {
        Append(name);
        Append(value);
        return this;
    }

    /// <summary>Adds values whose order matters.</summary>
    public StageKeyBuilder Add(string name, IEnumerable<string> values)
    {
        var list = values.ToList();
        Add(name, $"{list.Count}");
        list.ForEach(Append);
        return this;
    }

    /// <summary>Adds a file's content and mode.</summary>
    public StageKeyBuilder AddFile(string name, string path)
    {
        Add(name, $"{(int)File.GetUnixFileMode(path)}");
        using var stream = File.OpenRead(path);
        Append(Convert.ToHexStringLower(SHA256.HashData(stream)));
        return this;
    }

    /// <summary>Adds the content of a file of a tree that anyone may have made.</summary>
    internal StageKeyBuilder AddContent(FileNode file)
    {
        using var stream = new FileStream(file.Open(), FileAccess.Read);
        Append(Convert.ToHexStringLower(SHA256.HashData(stream)));
        return this;
    }

    /// <summary>The key over all that was added.</summary>
    public StageKey Build() => new(Convert.ToHexStringLower(_hash.GetCurrentHash()));

    private void Append(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        _hash.AppendData(BitConverter.GetBytes(bytes.Length));
        _hash.AppendData(bytes);
    }
}
