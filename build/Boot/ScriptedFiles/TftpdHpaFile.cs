namespace Dom0Image.Boot.ScriptedFiles;

/// <summary>What tftpd-hpa's postinst makes, the same in Debian 12 and 13.</summary>
internal sealed class TftpdHpaFile : IScriptedFile
{
    /// <inheritdoc/>
    public string Place => ServerPlaces.Tftpd;

    /// <inheritdoc/>
    public string? Render(DebconfAnswers answers)
    {
        return Answer("username", "tftp") is { } user
            && Answer("directory", "/srv/tftp") is { } directory
            && Answer("address", ":69") is { } address
            && Answer("options", "") is { } options
            ? $"""
                # /etc/default/tftpd-hpa

                TFTP_USERNAME="{user}"
                TFTP_DIRECTORY="{directory}"
                TFTP_ADDRESS="{address}"
                TFTP_OPTIONS="{options}"

                """
            : null;

        string? Answer(string question, string whenEmpty)
            => answers.Get($"tftpd-hpa/{question}") is { } answer ? answer.Length > 0 ? answer : whenEmpty : null;
    }
}
