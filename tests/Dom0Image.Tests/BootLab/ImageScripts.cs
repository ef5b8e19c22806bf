namespace Dom0Image.Tests.BootLab;

/// <summary>Scripts of the image that are changed for a test.</summary>
internal static class ImageScripts
{
    private const string Behind = "\nfailed=0\n";

    /// <summary>Has one of ours do something more when it begins.</summary>
    /// <param name="root">The image's root.</param>
    /// <param name="name">The script, such as <c>dom0-host</c>.</param>
    /// <param name="line">What it does.</param>
    public static void Insert(string root, string name, string line)
    {
        var script = $"{root}/usr/lib/dom0image/{name}";
        var text = File.ReadAllText(script);
        Assert.That(text, Does.Contain(Behind));
        File.WriteAllText(script, text.Replace(Behind, $"{Behind}{line}\n", StringComparison.Ordinal));
    }
}
