namespace Dom0Image.Boot.ScriptedFiles;

/// <summary>
/// A file that a package's script makes when it is installed, from answers to its questions: no sum of it is kept anywhere, but
/// what the script made can be made again.
/// </summary>
internal interface IScriptedFile
{
    /// <summary>Where it stands.</summary>
    string Place { get; }

    /// <summary>What the script makes of the answers; null where an answer is nobody's.</summary>
    string? Render(DebconfAnswers answers);
}
