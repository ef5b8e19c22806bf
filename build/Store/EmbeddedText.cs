namespace Dom0Image.Store;

/// <summary>Texts that the program carries: scripts for images, guests and clients. Build.csproj says which files they are.</summary>
internal static class EmbeddedText
{
    /// <summary>A text by its name in the program, such as <c>BootTesting/check-head.sh</c>.</summary>
    /// <exception cref="InvalidOperationException">There is none: it has another name now.</exception>
    public static string Of(string name)
    {
        using var stream = typeof(EmbeddedText).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"{name} is not in the program");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    /// <summary>All texts whose names begin so, such as <c>BootLab/</c>, in the order of their names.</summary>
    public static IEnumerable<string> Below(string start)
        => typeof(EmbeddedText).Assembly.GetManifestResourceNames().Where(name => name.StartsWith(start, StringComparison.Ordinal)).Order(StringComparer.Ordinal).Select(Of);
}
