using Dom0Image.Diagnostics;

namespace Dom0Image.CommandLine;

/// <summary>The user's word before something is done that cannot be undone, or to this machine's own services.</summary>
internal static class Consent
{
    /// <summary>Asks on the terminal, unless <c>--yes</c> was given.</summary>
    /// <param name="given">Whether it was.</param>
    /// <exception cref="BuildFailedException">The user says no, or there is nobody to ask.</exception>
    public static void Require(bool given)
    {
        if (given)
        {
            return;
        }

        if (Console.IsInputRedirected || Console.IsOutputRedirected)
        {
            throw new BuildFailedException(new Diagnostic("there is no terminal to ask on, and nothing was done") { Hint = "--yes does what is listed above without asking." });
        }

        Console.Write("Do this? (y/n) ");
        if (Console.ReadLine()?.Trim().ToUpperInvariant() is not ("Y" or "YES"))
        {
            throw new BuildFailedException(new Diagnostic("nothing was done") { Hint = "That was the answer." });
        }
    }
}
