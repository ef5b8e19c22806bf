using System.Collections.Immutable;
using System.Net;
using Dom0Image.Posix;
using Dom0Image.Processes;

namespace Dom0Image.Boot.Servers;

/// <summary>How a server is started in a lab.</summary>
/// <param name="Command">In the foreground.</param>
/// <param name="Port">The port that says it is ready; null for none.</param>
internal sealed record ServerInLab(ToolCommand Command, ListeningPort? Port);

/// <summary>What a lab has for its servers.</summary>
/// <param name="Root">Their <c>/</c>, on this machine.</param>
/// <param name="Configuration">The files that were generated, on this machine: <c>PREFIX/etc</c>.</param>
/// <param name="ConfigurationInside">The same, as they see it.</param>
/// <param name="Addresses">Their addresses, the boot server's first.</param>
/// <param name="Networks">The networks that clients are on.</param>
internal sealed record LabGround(string Root, string Configuration, string ConfigurationInside, ImmutableArray<IPAddress> Addresses, ImmutableArray<string> Networks)
{
    private const string Etc = "/etc/";

    /// <summary>Whether a file was generated.</summary>
    public bool Has(string place) => File.Exists(Here(place));

    /// <summary>Where a generated file is on this machine.</summary>
    public string Here(string place) => $"{Configuration}/{place[Etc.Length..]}";

    /// <summary>Where a server finds a generated file: beside this machine's own <c>/etc</c>. Other words stay as they are.</summary>
    public string Inside(string word) => word.StartsWith(Etc, StringComparison.Ordinal) ? $"{ConfigurationInside}/{word[Etc.Length..]}" : word;

    /// <summary>Makes a directory that a server needs.</summary>
    public void Make(string directory) => Directory.CreateDirectory(Root + directory);

    /// <summary>Makes a file that a server needs.</summary>
    public void Write(string file, string text = "")
    {
        Make(Path.GetDirectoryName(file)!);
        File.WriteAllText(Root + file, text);
    }
}
