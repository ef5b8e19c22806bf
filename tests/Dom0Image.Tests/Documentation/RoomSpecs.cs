using System.Text.RegularExpressions;
using Dom0Image.Tests.CommandLine;

namespace Dom0Image.Tests.Documentation;

/// <summary>What the rooms of the program, the first folders below <c>build/</c>, may use.</summary>
internal sealed partial class RoomSpecs
{
    private static readonly string Build = Path.Combine(Checkout.Root, "build");

    // As (place below build/, text).
    private static readonly (string Place, string Text)[] Sources =
    [
        .. from file in Directory.EnumerateFiles(Build, "*.cs", SearchOption.AllDirectories)
           let place = Path.GetRelativePath(Build, file)
           where RoomOf(place) is not ("obj" or "bin")
           select (place, File.ReadAllText(file)),
    ];

    [Test]
    public void The_system_calls_are_behind_one_door()
    {
        var calling = Sources.Where(source => source.Text.Contains("Mono.Unix", StringComparison.Ordinal)).Select(source => RoomOf(source.Place));

        Assert.That(calling.Distinct(), Is.EqualTo(new[] { "Posix" }));
    }

    [Test]
    public void Each_file_says_in_which_room_it_is()
    {
        Assert.That(Sources.Where(source => RoomOf(source.Place).Length == 0).Select(source => source.Place), Is.EqualTo(new[] { "Program.cs" }));
        Assert.That(
            from source in Sources
            where RoomOf(source.Place) is not ("" or "Hosting")
            let expected = $"namespace Dom0Image.{Path.GetDirectoryName(source.Place)!.Replace('/', '.')};"
            where !source.Text.Split('\n').Contains(expected)
            select $"{source.Place}: expected {expected}",
            Is.Empty);
    }

    [Test]
    public void Arrows_between_rooms_fall_in_one_direction()
        => Assert.That(Circles(Sources), Is.Empty);

    [TestCase("using Dom0Image.Upper;\n")]
    [TestCase("using Dom0Image.Upper.Loft;\n")]
    [TestCase("using static Dom0Image.Upper.Window;\n")]
    [TestCase("using Pane = Dom0Image.Upper.Window;\n")]
    [TestCase("static class Door\n{\n    static int Width => Dom0Image.Upper.Window.Width;\n}\n")]
    [TestCase("static class Door\n{\n    static int Width => Upper.Window.Width;\n}\n")]
    public void A_circle_is_found_with_the_files_that_make_it(string door)
        => Assert.That(
            Circles([("Upper/Window.cs", "using Dom0Image.Middle;\n"), ("Middle/Stairs.cs", "using Dom0Image.Lower;\n"), ("Lower/Door.cs", door), ("Cellar/Lamp.cs", "// see Upper.Window\n")]),
            Is.EqualTo(new[] { "Lower uses Upper: Lower/Door.cs", "Middle uses Lower: Middle/Stairs.cs", "Upper uses Middle: Upper/Window.cs" }));

    [Test]
    public void A_lab_is_brought_up_in_one_way()
        => Assert.That(Sources.Where(source => source.Text.Contains("Lab.StartAsync(", StringComparison.Ordinal)).Select(source => source.Place), Is.EqualTo(new[] { "BootLab/LabImage.cs" }));

    // The arrows of all circles, such as "A uses B: A/File.cs".
    private static IEnumerable<string> Circles(IReadOnlyCollection<(string Place, string Text)> sources)
    {
        var types = sources.Select(source => (RoomOf(source.Place), Path.GetFileNameWithoutExtension(source.Place))).ToHashSet();
        var arrows = sources
            .SelectMany(source => Used(source.Text, types).Select(used => (From: RoomOf(source.Place), To: used, source.Place)))
            .Where(arrow => arrow.From != arrow.To)
            .ToLookup(arrow => (arrow.From, arrow.To), arrow => arrow.Place);
        var next = arrows.ToLookup(arrow => arrow.Key.From, arrow => arrow.Key.To);
        return from arrow in arrows
               where Reached(arrow.Key.To, next).Contains(arrow.Key.From)
               orderby arrow.Key
               select $"{arrow.Key.From} uses {arrow.Key.To}: {string.Join(", ", arrow.Distinct().Order(StringComparer.Ordinal))}";
    }

    private static HashSet<string> Reached(string from, ILookup<string, string> next)
    {
        var reached = new HashSet<string>();
        var open = new Stack<string>([from]);
        while (open.TryPop(out var room))
        {
            if (reached.Add(room))
            {
                foreach (var further in next[room])
                {
                    open.Push(further);
                }
            }
        }

        return reached;
    }

    // The rooms that a file names: by a using, which the analyzers allow only where it is needed, or before a type's name.
    private static IEnumerable<string> Used(string text, HashSet<(string Room, string Type)> types)
    {
        var code = Comment().Replace(text, "");
        return Using().Matches(code).Select(match => match.Groups["room"].Value)
            .Concat(Qualified().Matches(code).Where(match => match.Groups["type"].Captures.Any(type => types.Contains((match.Groups["room"].Value, type.Value)))).Select(match => match.Groups["room"].Value));
    }

    private static string RoomOf(string place) => place.Contains('/', StringComparison.Ordinal) ? place[..place.IndexOf('/', StringComparison.Ordinal)] : "";

    [GeneratedRegex(@"//.*")]
    private static partial Regex Comment();

    [GeneratedRegex(@"^using (static |\w+ = )?Dom0Image\.(?<room>\w+)", RegexOptions.Multiline)]
    private static partial Regex Using();

    [GeneratedRegex(@"(?<![\w.""])(Dom0Image\.)?(?<room>[A-Z]\w*)(\.(?<type>[A-Z]\w*)){1,2}")]
    private static partial Regex Qualified();
}
