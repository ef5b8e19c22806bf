using Dom0Image.Edits.Capture;

namespace Dom0Image.Edits.Session;

/// <summary>What the person at the terminal decides.</summary>
internal enum EditDecision
{
    Keep,
    Drop,

    /// <summary>Go back into the session.</summary>
    Back,

    /// <summary>Decide another day.</summary>
    Later,
}

/// <summary>Asks the person at the terminal what becomes of an edit.</summary>
internal static class EditDialog
{
    /// <summary>Shows what changed, and asks until there is an answer.</summary>
    /// <returns>The decision, and why it is kept.</returns>
    public static async Task<(EditDecision Decision, string Why)> AskAsync(CapturedEdit edit, CancellationToken cancellation)
    {
        Console.WriteLine(EditText.Of(edit));
        while (true)
        {
            var answer = await ReadAsync($"{(edit.IsEmpty ? "Nothing to keep" : "Keep it (k)")}, drop it (d), look again (l), go back in (b), decide later (q)? ", cancellation).ConfigureAwait(false);
            switch (answer?.Trim().ToUpperInvariant())
            {
                case "K" when !edit.IsEmpty && edit.Lost.IsEmpty:
                    if (await ReadAsync("Why? ", cancellation).ConfigureAwait(false) is { } why && why.Trim().Length > 0)
                    {
                        return (EditDecision.Keep, why.Trim());
                    }

                    break;
                case "D":
                    return (EditDecision.Drop, "");
                case "L":
                    Console.WriteLine(EditText.Of(edit));
                    break;
                case "B":
                    return (EditDecision.Back, "");
                case "Q" or null:
                    return (EditDecision.Later, "");
            }
        }
    }

    private static Task<string?> ReadAsync(string question, CancellationToken cancellation)
    {
        Console.Write(question);
        return Task.Run(Console.ReadLine, CancellationToken.None).WaitAsync(cancellation);
    }
}
