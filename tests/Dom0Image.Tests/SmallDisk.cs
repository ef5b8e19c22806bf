using Dom0Image.Processes;

namespace Dom0Image.Tests;

/// <summary>A small file system, mounted in the mount namespace of another process and reached through /proc.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly TempDirectory _temp = new();
    private readonly HostProcess _host;

    public SmallDisk(int mebibytes, int? files = null)
    {
        var size = $"{mebibytes}m{(files is { } most ? $",nr_inodes={most}" : "")}";
        _host = HostProcess.Start(Isolation.Mounts.Around([]), "small-disk", _temp.Path, size);
        Assert.That(_host.ReadLine(), Is.EqualTo("mounted"));
    }

    /// <summary>The disk, as this process sees it.</summary>
    public string Path => $"/proc/{_host.Id}/root{_temp.Path}";

    private string Filler => System.IO.Path.Combine(Path, "filler");

    /// <summary>Takes up all space, but for some bytes.</summary>
    public void Fill(int butFor = 0)
    {
        using var stream = new FileStream(Filler, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
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

    /// <summary>Takes up all inodes, but for some.</summary>
    public void FillWithFiles(int butFor = 0)
    {
        var directory = Directory.CreateDirectory(Filler).FullName;
        var made = 0;
        try
        {
            while (true)
            {
                File.WriteAllBytes(System.IO.Path.Combine(directory, $"{made}"), []);
                made++;
            }
        }
        catch (IOException)
        {
            Enumerable.Range(made - butFor, butFor).ToList().ForEach(file => File.Delete(System.IO.Path.Combine(directory, $"{file}")));
        }
    }

    /// <summary>Gives back what was taken up.</summary>
    public void Empty()
    {
        if (Directory.Exists(Filler))
        {
            Directory.Delete(Filler, recursive: true);
        }
        else
        {
            File.Delete(Filler);
        }
    }

    public void Dispose()
    {
        _host.Dispose();
        _temp.Dispose();
    }
}
