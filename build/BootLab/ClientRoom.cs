namespace Dom0Image.BootLab;

/// <summary>
/// Has scenarios run side by side as long as a machine has room for their clients. One that has more clients than there is room for
/// runs when nothing else does. First come, first served, so that a large one is not overtaken forever.
/// </summary>
/// <param name="clients">How many clients there is room for, from 1.</param>
internal sealed class ClientRoom(int clients) : IDisposable
{
    private readonly SemaphoreSlim _places = new(clients, clients);
    private readonly SemaphoreSlim _door = new(1, 1);

    /// <summary>Runs one as soon as there is room.</summary>
    /// <param name="wanted">How many clients it boots at once.</param>
    /// <param name="run">Runs it.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    public async Task<T> RunAsync<T>(int wanted, Func<Task<T>> run, CancellationToken cancellation)
    {
        var taken = Math.Min(wanted, clients);
        await EnterAsync(taken, cancellation).ConfigureAwait(false);
        try
        {
            return await run().ConfigureAwait(false);
        }
        finally
        {
            _places.Release(taken);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _places.Dispose();
        _door.Dispose();
    }

    private async Task EnterAsync(int wanted, CancellationToken cancellation)
    {
        var taken = 0;
        await _door.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            for (; taken < wanted; taken++)
            {
                await _places.WaitAsync(cancellation).ConfigureAwait(false);
            }
        }
        catch when (taken > 0)
        {
            _places.Release(taken);
            throw;
        }
        finally
        {
            _door.Release();
        }
    }
}
