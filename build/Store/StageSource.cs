namespace Dom0Image.Store;

/// <summary>
/// The text of the files that do a stage, as they were when this program was compiled: a change of them makes the stage's output
/// anew, and a change of any other does not. Which files those are is said where the key is made.
/// </summary>
internal static class StageSource
{
    // Resources of this program; Build.csproj says of which rooms.
    private const string Prefix = "source/";

    /// <summary>Adds the text of files to a key.</summary>
    /// <param name="key">The key.</param>
    /// <param name="places">Files, or directories with what is below them, such as <c>Xen/HypervisorStage.cs</c> and <c>BaseLayer/</c>.</param>
    /// <exception cref="InvalidOperationException">There is no such file: it has another name now.</exception>
    public static StageKeyBuilder AddSource(this StageKeyBuilder key, params ReadOnlySpan<string> places)
    {
        var all = typeof(StageSource).Assembly.GetManifestResourceNames();
        foreach (var place in places)
        {
            string[] files = [.. all.Where(name => place.EndsWith('/') ? name.StartsWith(Prefix + place, StringComparison.Ordinal) : name == Prefix + place).Order(StringComparer.Ordinal)];
            if (files.Length == 0)
            {
                throw new InvalidOperationException($"no source file is named {place}");
            }

            foreach (var file in files)
            {
                key.Add(file, EmbeddedText.Of(file));
            }
        }

        return key;
    }
}
