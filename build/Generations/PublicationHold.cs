using System.Globalization;
using Dom0Image.Diagnostics;

namespace Dom0Image.Generations;

/// <summary>
/// Somebody went back to a generation: builds leave what they make ready, and publish nothing, until he says so. One for each place
/// that is published to, as there is one set of menus.
/// </summary>
/// <remarks>
/// It is written out before the menus are switched back, and goes before they are switched on. A cut between leaves, the first time, a
/// hold over the generation that was to be given up: nothing moves, each run says what hosts boot, and the command can be given again.
/// The other way round the next night would publish over what somebody had gone back to. The second time it leaves none over the
/// generation that was held: the next build publishes, which is what was asked for.
/// </remarks>
/// <param name="Generation">What hosts are to boot meanwhile.</param>
/// <param name="Since">When it began.</param>
/// <param name="Resume">The command that ends it.</param>
internal sealed record PublicationHold(string Generation, DateTimeOffset Since, string Resume)
{
    private static readonly StateFile<PublicationHold> File = new("hold.json", StateJson.Default.PublicationHold);

    /// <summary>The hold of a place; null for none.</summary>
    /// <exception cref="BuildFailedException">It is damaged: nobody knows whether to publish.</exception>
    public static PublicationHold? Find(Places places) => File.Find(places);

    /// <summary>The same for the last words of a run, which fail for nothing.</summary>
    public static string? Told(Places places)
    {
        try
        {
            return Find(places)?.Sentence(CurrentState.Booted(places));
        }
        catch (Exception problem) when (problem is BuildFailedException or IOException or UnauthorizedAccessException)
        {
            return Environment.IsPrivilegedProcess ? $"Whether publication is held is not known: {problem.Message}" : null;
        }
    }

    /// <summary>Holds a generation; when this returns, it holds after a power cut too.</summary>
    public void Set(Places places) => File.Write(places, this);

    /// <summary>Ends it, whatever it is.</summary>
    public static void Lift(Places places) => File.Delete(places);

    private string Sentence(string? booted)
    {
        var since = Since.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
        return booted == Generation
            ? $"Held since {since}: hosts boot {Generation}, and no build is published. To go on: {Resume}"
            : $"Held since {since} for {Generation}, but hosts boot {booted ?? "nothing"}: going back was cut short. Again: ./build.sh --target=Rollback --to={Generation}; or, to go on: {Resume}";
    }
}
