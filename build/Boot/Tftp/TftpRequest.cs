using System.Net;
using System.Text.RegularExpressions;

namespace Dom0Image.Boot.Tftp;

/// <summary>A file that a client asked for over TFTP.</summary>
/// <param name="Client">Who asked.</param>
/// <param name="File">Name as it was asked for.</param>
internal sealed record TftpRequest(IPAddress Client, string File)
{
    private static readonly Regex Pattern = new(@"RRQ from (\S+) filename (.+?)\s*$", RegexOptions.Compiled);

    /// <summary>Reads a line of in.tftpd's log; null when it is about something else.</summary>
    public static TftpRequest? Read(string line)
        => Pattern.Match(line) is { Success: true } match && IPAddress.TryParse(match.Groups[1].Value, out var client)
            ? new TftpRequest(client.IsIPv4MappedToIPv6 ? client.MapToIPv4() : client, match.Groups[2].Value)
            : null;
}
