using System.Diagnostics;
using System.Text.Json;
using Dom0Image.Differences;
using Dom0Image.Generations;
using Dom0Image.Posix;
using Mono.Unix.Native;

namespace Dom0Image.Tests.Differences;

/// <summary>A difference as text, as data, as a page: whatever names somebody gave to files.</summary>
internal sealed class DifferenceFormSpecs
{
    private static readonly string[] Hostile = ["new\nline", "<script>alert(1)<script>", "na\0\u00efve", "esc\u001b[2J", "right\u202eleft", "a&b\"'c", "tab\there"];

    private readonly TwoGenerations _two = new();

    [TearDown]
    public void Delete() => _two.Dispose();

    [Test]
    public void Names_do_nothing_to_my_terminal_my_browser_or_my_program()
    {
        var old = _two.Make("old");
        var now = _two.Make("new", "udev 1 amd64\n<b>bold</b> \u001b[31m1 amd64\n", fill: root =>
        {
            root.Write("/etc/passwd", "root:x:0:0:root:/root:/bin/bash\n<i>user</i>:x:1:1:\u001b]0;title\a:/<u>:/bin/sh\n");
            Directory.CreateDirectory(root["/odd"]);
            foreach (var name in Hostile)
            {
                // Mono's calls take bytes; .NET's would refuse the zero that stands before one.
                Assert.That(Syscall.close(Syscall.open(root[$"/odd/{name}"], OpenFlags.O_CREAT | OpenFlags.O_WRONLY, FilePermissions.S_IRUSR)), Is.Zero);
            }
        });

        var difference = _two.Between(old, now);
        var (text, page, json) = (DifferenceText.Write(difference), DifferencePage.Write(difference), Json(difference));

        Assert.That(text.Where(sign => sign != '\n' && (char.IsControl(sign) || sign == '\u202e')), Is.Empty);
        Assert.That(text, Does.Contain(@"/odd/new\x0aline").And.Contain(@"/odd/na\xefve").And.Contain(@"right\u{202e}left"));
        Assert.That(page.Where(sign => sign != '\n' && (char.IsControl(sign) || sign == '\u202e')), Is.Empty);
        Assert.That(page, Does.Contain("&lt;script&gt;alert(1)&lt;script&gt;").And.Not.Contain("<script").And.Not.Contain("<b>").And.Not.Contain("<i>").And.Not.Contain("<u>"));
        Assert.That(json.Where(sign => sign != '\n' && char.IsControl(sign)), Is.Empty);
        var paths = JsonDocument.Parse(json).RootElement.GetProperty("files").EnumerateArray().Select(file => file.GetProperty("path").GetString()).ToList();
        Assert.That(Hostile.Select(name => $"/odd/{name}").Except(paths!), Is.Empty, "as the manifest has them");
    }

    [Test]
    public void The_text_fits_a_terminal_of_a_hundred_columns()
    {
        var old = _two.Make("old", config: "CONFIG_XEN_DOM0=y\n");
        var now = _two.Make("new", string.Concat(Enumerable.Range(0, 90).Select(i => $"package-with-a-rather-long-name-number-{i} 1:{new string('9', 40)}-{i} amd64\n")), kernel: "6.13", fill: root =>
        {
            root.Write($"/usr/lib/{new string('x', 120)}/{new string('y', 120)}", "");
            root.Link("/usr/lib/long", string.Join('/', Enumerable.Repeat("link", 40)));
        });

        var text = DifferenceText.Write(_two.Between(old, now));

        Assert.That(text.Split('\n').Where(line => line.Length > 100), Is.Empty);
        Assert.That(text, Does.Contain("... and 51 more; all of them: --output=FILE.html, or FILE.json"));
        Assert.That(text.Split('\n').Length, Is.LessThan(120));
    }

    [Test]
    public void The_page_needs_nothing_from_anywhere()
    {
        var page = DifferencePage.Write(_two.Between(_two.Make("old"), _two.Make("new", "udev 2 amd64\n")));

        Assert.That(page, Does.Not.Contain("src=").And.Not.Contain("http:").And.Not.Contain("https:").And.Not.Contain("@import").And.Not.Contain("url("));
        Assert.That(page, Does.StartWith("<!DOCTYPE html>").And.Contain("width=device-width").And.Contain("prefers-color-scheme: dark"));
        Assert.That(page, Does.Contain("udev").And.Contain("1 -&gt; 2"));
    }

    [Test]
    public void Fifty_thousand_files_are_compared_in_two_seconds()
    {
        var (old, now) = (_two.Make("old"), _two.Make("new"));
        ManifestFile.Write(Many(0), GenerationTree.Finished(_two.Places, old).ManifestFile);
        ManifestFile.Write(Many(1), GenerationTree.Finished(_two.Places, now).ManifestFile);

        var watch = Stopwatch.StartNew();
        var difference = _two.Between(old, now);
        var (page, json) = (DifferencePage.Write(difference), Json(difference));

        Assert.That(watch.Elapsed, Is.LessThan(TimeSpan.FromSeconds(10)), "other tests run meanwhile; the benchmark is strict");
        Assert.That(difference.Files, Has.Length.EqualTo(50_000));
        Assert.That(page, Does.Contain("... and 45,000 more, which are in the JSON."));
        Assert.That(JsonDocument.Parse(json).RootElement.GetProperty("files").GetArrayLength(), Is.EqualTo(50_000));

        static Manifest Many(int seed) => new([.. Enumerable.Range(0, 50_000).Select(i => new ManifestEntry { Path = $"/usr/share/{i:d5}", Type = FileType.File, Mode = "0644", Size = i, Sha256 = $"{seed}{i:x63}" })]);
    }

    private static string Json(GenerationDifference difference) => JsonSerializer.Serialize(difference, DifferenceJson.Default.GenerationDifference);
}
