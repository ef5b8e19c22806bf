using Dom0Image.Tests.CommandLine;

namespace Dom0Image.Tests.Documentation;

/// <summary>What the rooms of the program may use.</summary>
internal sealed class RoomSpecs
{
    private static readonly string Build = Path.Combine(Checkout.Root, "build");

    private static IEnumerable<string> Sources(string room)
        => Directory.EnumerateFiles(Path.Combine(Build, room), "*.cs", SearchOption.AllDirectories).Where(file => !Generated(Path.GetRelativePath(Build, file)));

    private static bool Generated(string place) => place.StartsWith("obj/", StringComparison.Ordinal) || place.StartsWith("bin/", StringComparison.Ordinal);

    [Test]
    public void The_system_calls_are_behind_one_door()
    {
        const string Door = "Posix";
        var behind = Sources(Door).ToHashSet();
        Assert.That(behind.Any(CallsTheSystem), "what is looked for is where it may be");
        Assert.That(Sources("").Where(file => !behind.Contains(file) && CallsTheSystem(file)).Select(file => Path.GetRelativePath(Build, file)), Is.Empty);
    }

    private static bool CallsTheSystem(string file) => File.ReadAllText(file).Contains("Mono.Unix", StringComparison.Ordinal);
}
