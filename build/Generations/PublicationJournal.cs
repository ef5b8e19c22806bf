using System.Collections.Immutable;

namespace Dom0Image.Generations;

/// <summary>
/// Which generations hosts were given here, oldest first, as far as they stand. An entry is written out before the menus are
/// switched: at any moment all that a client may have got is in it, and never too little. Whether the last one was reached is told by
/// the menus alone; see <see cref="Settled"/>.
/// </summary>
/// <param name="Began">Since when every publication here is in it.</param>
/// <param name="Entries">The publications; one that gave hosts what they had already is none.</param>
internal sealed record PublicationJournal(DateTimeOffset Began, ImmutableArray<JournalEntry> Entries)
{
    private static readonly StateFile<PublicationJournal> File = new("publications.json", StateJson.Default.PublicationJournal);

    /// <summary>The journal of a place; one that begins now where there is none.</summary>
    /// <exception cref="Diagnostics.BuildFailedException">It is damaged.</exception>
    public static PublicationJournal Read(Places places)
        => File.Find(places) is { } found ? found with { Entries = found.Entries.IsDefault ? [] : found.Entries } : new(DateTimeOffset.UtcNow, []);

    /// <summary>Notes that a generation is about to be published; written out when this returns.</summary>
    /// <param name="places">Where; its lock is held by the caller.</param>
    /// <param name="generation">What hosts are to boot.</param>
    /// <param name="goesBack">Whether it takes the place of one that is given up.</param>
    public static void Note(Places places, string generation, bool goesBack)
    {
        var assembler = new GenerationAssembler(places);
        var found = Read(places);
        var settled = found.Settled(CurrentState.Booted(places));
        var noted = settled.With(generation, goesBack);
        File.Write(places, noted with { Entries = [.. noted.Entries.Where(entry => assembler.Exists(entry.Generation))] });
    }

    /// <summary>
    /// The journal as what hosts boot shows it to have gone: a publication that was killed before it switched the menus was not
    /// reached. It stays an entry, since a power cut may have taken back a switch that a client saw.
    /// </summary>
    /// <param name="booted">What hosts boot now; null for nothing.</param>
    public PublicationJournal Settled(string? booted)
    {
        if (booted is null)
        {
            return this;
        }

        var last = Entries.ToList().FindLastIndex(entry => entry.Generation == booted && !entry.Unreached);
        return last < 0
            ? this with { Entries = Entries.Add(new JournalEntry(booted, DateTimeOffset.UtcNow)) }
            : this with { Entries = [.. Entries.Select((entry, index) => index > last ? entry with { Unreached = true } : entry)] };
    }

    /// <summary>
    /// The generation to go back to: the one that was published before what hosts boot now. Who went back gave up what came later, so
    /// that going back twice goes two steps.
    /// </summary>
    /// <param name="booted">What hosts boot now.</param>
    /// <param name="stands">Whether a generation is still there.</param>
    /// <returns>Null for none.</returns>
    public string? Before(string booted, Func<string, bool> stands)
    {
        List<string> way = [];
        foreach (var entry in Settled(booted).Entries.Where(entry => !entry.Unreached))
        {
            if (entry.GoesBack && way.LastIndexOf(entry.Generation) is var at and >= 0)
            {
                way.RemoveRange(at, way.Count - at);
            }

            way.Add(entry.Generation);
        }

        return way.FindLast(generation => generation != booted && stands(generation));
    }

    /// <summary>Whether a client may have been given a generation.</summary>
    public bool Knows(string generation) => Entries.Any(entry => entry.Generation == generation);

    private PublicationJournal With(string generation, bool goesBack)
        => Entries is [.., { Unreached: false } last] && last.Generation == generation
            ? this
            : this with { Entries = Entries.Add(new JournalEntry(generation, DateTimeOffset.UtcNow) { GoesBack = goesBack }) };
}

/// <summary>One publication.</summary>
/// <param name="Generation">What hosts were given.</param>
/// <param name="At">When.</param>
internal sealed record JournalEntry(string Generation, DateTimeOffset At)
{
    /// <summary>Whether it took the place of one that was given up.</summary>
    public bool GoesBack { get; init; }

    /// <summary>Whether it ended before the menus were switched.</summary>
    public bool Unreached { get; init; }
}
