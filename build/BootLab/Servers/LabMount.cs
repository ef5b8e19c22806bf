namespace Dom0Image.BootLab.Servers;

/// <summary>A directory or file of this machine that the servers of a boot test see at another place.</summary>
/// <param name="Source">Absolute path on this machine.</param>
/// <param name="Target">Absolute path as the servers name it.</param>
/// <param name="Writable">Whether the servers may write there.</param>
internal sealed record LabMount(string Source, string Target, bool Writable = false);
