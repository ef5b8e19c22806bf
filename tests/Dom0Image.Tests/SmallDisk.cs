namespace Dom0Image.Tests;

/// <summary>A small file system, mounted in the mount namespace of another process and reached through /proc.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly TempDirectory _temp = new();
    private readonly HostProcess _host;

    public SmallDisk(int mebibytes)
    {
        _host = HostProcess.Start(["unshare", "--mount", "--propagation", "private", "--"], "small-disk", _temp.Path, $"{mebibytes}m");
        Assert.That(_host.ReadLine(), Is.EqualTo("mounted"));
    }

    /// <summary>The disk, as this process sees it.</summary>
    public string Path => $"/proc/{_host.Id}/root{_temp.Path}";

    /// <summary>Takes up all space, but for some bytes.</summary>
    public void Fill(int butFor = 0)
    {
        var filler = System.IO.Path.Combine(Path, "filler");
        using var stream = new FileStream(filler, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        try
        {
            while (true)
            {
                stream.Write(new byte[4096]);
            }
        }
        catch (IOException)
        {
            stream.SetLength(Math.Max(0, stream.Length - butFor));
        }
    }

    public void Dispose()
    {
        _host.Dispose();
        _temp.Dispose();
    }
}
