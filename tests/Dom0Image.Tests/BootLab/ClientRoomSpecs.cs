using Dom0Image.BootLab;

namespace Dom0Image.Tests.BootLab;

internal sealed class ClientRoomSpecs
{
    private const int Limit = 100_000;

    [Test]
    public async Task Scenarios_run_side_by_side_while_there_is_room_and_a_large_one_alone()
    {
        using var room = new ClientRoom(2);
        var started = new List<int>();
        TaskCompletionSource<int>[] ends = [.. Enumerable.Range(0, 6).Select(_ => new TaskCompletionSource<int>())];
        Task[] all = [.. new[] { 1, 1, 1, 3, 1, 1 }.Select((clients, index) => room.RunAsync(clients, () =>
        {
            lock (started)
            {
                started.Add(index);
            }

            return ends[index].Task;
        }, CancellationToken.None))];

        Assert.That(Started, Is.EquivalentTo(new[] { 0, 1 }).After(Limit, 5));
        ends[1].SetResult(0);
        Assert.That(Started, Has.Length.EqualTo(3).After(Limit, 5));
        Assert.That(Started()[2], Is.EqualTo(2));
        ends[0].SetResult(0);
        ends[2].SetResult(0);
        Assert.That(Started, Has.Length.EqualTo(4).After(Limit, 5));
        Assert.That(Started()[3], Is.EqualTo(3), "nothing overtook the large one");
        Assert.That(all[4].IsCompleted || all[5].IsCompleted, Is.False, "it runs alone");
        ends[3].SetResult(0);
        Assert.That(Started, Is.EquivalentTo(new[] { 0, 1, 2, 3, 4, 5 }).After(Limit, 5));
        ends[4].SetResult(0);
        ends[5].SetResult(0);
        await Task.WhenAll(all);

        int[] Started()
        {
            lock (started)
            {
                return [.. started];
            }
        }
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
        Assert.That(await room.RunAsync(2, () => Task.FromResult(7), CancellationToken.None).WaitAsync(TimeSpan.FromMilliseconds(Limit)), Is.EqualTo(7));
    }
}
