using Dom0Image.Processes;

namespace Dom0Image.Tests;

/// <summary>An XFS as exports lie on, mounted in the mount namespace of another process and reached through /proc.</summary>
internal sealed class XfsDisk : IDisposable
{
    private readonly TempDirectory _temp = new();
    private readonly HostProcess _host;

    public XfsDisk()
    {
        _host = HostProcess.Start(Isolation.Mounts.Around([]), "xfs-disk", _temp.Make("disk"));
        Assert.That(_host.ReadLine(), Is.EqualTo("mounted"));
    }

    /// <summary>The disk, as this process sees it.</summary>
    public string Path => $"/proc/{_host.Id}/root{_temp["disk"]}";

    public void Dispose()
    {
        _host.Dispose();
        _temp.Dispose();
    }
}
