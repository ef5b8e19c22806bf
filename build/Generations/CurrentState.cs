using Dom0Image.Diagnostics;

namespace Dom0Image.Generations;

/// <summary>What is published now, read from the links alone.</summary>
/// <param name="Root">Generation of <see cref="Places.CurrentRoot"/>; null when there is none.</param>
/// <param name="Kernels">Generation of <see cref="Places.CurrentKernels"/>; null when there is none.</param>
/// <param name="Hypervisors">Generation of <see cref="Places.CurrentHypervisors"/>; null when there is none.</param>
/// <param name="Menus">Key of the menus that clients get; null when there are none.</param>
internal sealed record CurrentState(string? Root, string? Kernels, string? Hypervisors, string? Menus)
{
    private static readonly (string Place, string Start, string End)[] Links =
    [
        (Places.CurrentRoot, "generations/", "/root"),
        (Places.CurrentKernels, "generations/", "/kernels"),
        (Places.CurrentHypervisors, "generations/", "/hypervisors"),
        (Places.CurrentMenus, "menus/", ""),
    ];

    /// <summary>Reads what is published.</summary>
    /// <exception cref="BuildFailedException">Something that we did not publish stands in one of the places, such as an installation made by hand.</exception>
    public static CurrentState Read(Places places)
    {
        var problems = new List<Diagnostic>();
        var ids = Links.Select(link => Read(places, link, problems)).ToArray();
        return problems.Count > 0 ? throw new BuildFailedException(problems) : new CurrentState(ids[0], ids[1], ids[2], ids[3]);
    }

    /// <summary>
    /// The generation that hosts boot now: the one that their menus name, which after a publication that was killed is not
    /// yet the one that <see cref="Places.CurrentRoot"/> leads to. Null when none is published.
    /// </summary>
    public static string? Booted(Places places)
    {
        var state = Read(places);
        var named = state.Menus is { } key ? MenuReading.GenerationIn(Path.Combine(places.OnDisk(Places.Menus), key)) : null;
        return named ?? state.Root;
    }

    /// <summary>Whether all of it is this generation with these menus.</summary>
    public bool Is(string generation, string menus) => this == new CurrentState(generation, generation, generation, menus);

    private static string? Read(Places places, (string Place, string Start, string End) link, List<Diagnostic> problems)
    {
        var path = places.OnDisk(link.Place);
        if (!Path.Exists(path) && new FileInfo(path).LinkTarget is null)
        {
            return null;
        }

        var target = new FileInfo(path).LinkTarget;
        if (target is not null && target.StartsWith(link.Start, StringComparison.Ordinal) && target.EndsWith(link.End, StringComparison.Ordinal))
        {
            return target[link.Start.Length..^link.End.Length];
        }

        problems.Add(new Diagnostic(target is null ? $"'{path}' is not a link of ours" : $"'{path}' is a link to '{target}'")
        {
            Expected = $"nothing there, or a link to {link.Start}...{link.End}",
            Hint = $"It may be an installation made by hand, and is left alone. Move it aside: mv {path} {path}.by-hand",
        });
        return null;
    }
}
