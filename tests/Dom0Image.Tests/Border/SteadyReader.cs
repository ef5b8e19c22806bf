using System.Diagnostics;
using System.Text;

namespace Dom0Image.Tests.Border;

/// <summary>A client that reads one file again and again over its one connection, as one does whose root it is; any error ends the test.</summary>
internal sealed class SteadyReader
{
    private readonly Task _reads;
    private readonly Lock _access = new();
    private TimeSpan _fastest = TimeSpan.MaxValue;
    private TimeSpan _slowest;
    private volatile int _calls;
    private volatile bool _ended;

    private SteadyReader(RawNfs client, byte[] file)
    {
        var (status, data) = client.Read(file);
        Assert.That((status, data.Length > 0), Is.EqualTo((0u, true)));
        _reads = Task.Run(() => Read(client, file, Encoding.Latin1.GetString(data)));
    }

    /// <summary>How long the fastest call and the slowest one took; those of later calls are told apart.</summary>
    public (TimeSpan Fastest, TimeSpan Slowest) TakeTimes()
    {
        lock (_access)
        {
            var times = (_fastest, _slowest);
            (_fastest, _slowest) = (TimeSpan.MaxValue, TimeSpan.Zero);
            return times;
        }
    }

    /// <summary>How often it has read.</summary>
    public int Calls => _calls;

    /// <summary>Starts one.</summary>
    /// <param name="client">The client, which nobody else uses until the end.</param>
    /// <param name="directory">Where the file is.</param>
    /// <param name="name">Its name.</param>
    public static SteadyReader Start(RawNfs client, byte[] directory, string name)
    {
        var (status, file) = client.LookUp(directory, name);
        Assert.That(status, Is.Zero, name);
        return new SteadyReader(client, file);
    }

    /// <summary>Ends it.</summary>
    /// <returns>How often it read.</returns>
    public async Task<int> EndAsync()
    {
        _ended = true;
        await _reads;
        return _calls;
    }

    private void Read(RawNfs client, byte[] file, string content)
    {
        var before = client.BrokenOff;
        for (; !_ended; _calls++)
        {
            var start = Stopwatch.GetTimestamp();
            var (status, data) = client.Read(file);
            var took = Stopwatch.GetElapsedTime(start);
            Assert.That((status, Encoding.Latin1.GetString(data), client.BrokenOff), Is.EqualTo((0u, content, before)));
            lock (_access)
            {
                (_fastest, _slowest) = (took < _fastest ? took : _fastest, took > _slowest ? took : _slowest);
            }
        }
    }
}
