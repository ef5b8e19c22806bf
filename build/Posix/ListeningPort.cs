using System.Globalization;

namespace Dom0Image.Posix;

/// <summary>A port that a server opens when it is ready.</summary>
/// <param name="Tcp">TCP, else UDP.</param>
/// <param name="Number">Port number.</param>
internal sealed record ListeningPort(bool Tcp, int Number)
{
    private const string ListeningState = "0A";

    private static readonly string[] TcpTables = ["tcp", "tcp6"];
    private static readonly string[] UdpTables = ["udp", "udp6"];

    /// <summary>Whether it is open in the network namespace of a process, as the kernel lists it.</summary>
    public bool IsOpen(int processId)
        => (Tcp ? TcpTables : UdpTables)
            .SelectMany(table => File.ReadLines($"/proc/{processId}/net/{table}").Skip(1))
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Any(fields => LocalPort(fields[1]) == Number && (!Tcp || fields[3] == ListeningState));

    private static int LocalPort(string address)
        => int.Parse(address[(address.LastIndexOf(':') + 1)..], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
