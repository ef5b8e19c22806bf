using Dom0Image.BootLab;

namespace Dom0Image.Tests.BootLab;

public sealed class ClientRoomSpecs
{
    [Test]
    public async Task Scenarios_run_side_by_side_while_there_is_room_and_a_large_one_alone()
    {
        using var room = new ClientRoom(2);
        var (gate, running, together) = (new Lock(), new List<int>(), new List<string>());

        await Task.WhenAll(new[] { 1, 1, 1, 3, 1, 1 }.Select(clients => room.RunAsync(clients, async () =>
        {
            lock (gate)
            {
                running.Add(clients);
                together.Add(string.Join('+', running));
            }

            await Task.Delay(100);
            lock (gate)
            {
                running.Remove(clients);
            }

            return clients;
        }, CancellationToken.None)));

        Assert.That(together, Has.All.AnyOf("1", "1+1", "3"));
        Assert.That(together, Does.Contain("1+1").And.Contain("3"));
        Assert.That(together.IndexOf("3"), Is.EqualTo(3), "nothing overtook it");
    }

    [Test]
    public async Task One_that_failed_or_was_called_off_gives_its_room_back()
    {
        using var room = new ClientRoom(2);
        using var called = new CancellationTokenSource();
        var held = new TaskCompletionSource<int>();
        var first = room.RunAsync(1, () => held.Task, CancellationToken.None);
        var waiting = room.RunAsync(2, () => Task.FromResult(0), called.Token);

        await called.CancelAsync();
        held.SetException(new InvalidOperationException());

        Assert.CatchAsync<OperationCanceledException>(() => waiting);
        Assert.ThrowsAsync<InvalidOperationException>(() => first);
        Assert.That(await room.RunAsync(2, () => Task.FromResult(7), CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(10)), Is.EqualTo(7));
    }
}
