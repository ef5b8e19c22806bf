namespace Dom0Image.HostTools;

/// <summary>A Debian package that this machine must have.</summary>
/// <param name="Package">Its name, the same in Debian 12 and 13.</param>
/// <param name="Purpose">What it is needed for, in a few words.</param>
internal sealed record HostTool(string Package, string Purpose);
