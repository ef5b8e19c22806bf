namespace Dom0Image.Pipeline;

/// <summary>
/// What a task makes for those after it: a typed name that stands on the task, so that whoever takes it names its maker. A test
/// sees to it that he depends on him.
/// </summary>
/// <typeparam name="T">What is made.</typeparam>
internal sealed class Output<T>
    where T : class;

/// <summary>
/// What the tasks of one run have handed on so far. Disposing releases, the last first, what they hold until the run's end: the
/// build lock, a generation that was not finished.
/// </summary>
internal sealed class HandOver : IDisposable
{
    private readonly Dictionary<object, object> _given = [];
    private readonly Stack<IDisposable> _held = [];

    /// <summary>Hands on what a task made; once in a run. What is to be released is held until the run's end.</summary>
    public void Give<T>(Output<T> output, T made)
        where T : class
    {
        _given.Add(output, made);
        if (made is IDisposable held)
        {
            _held.Push(held);
        }
    }

    /// <summary>Takes what an earlier task made.</summary>
    /// <exception cref="InvalidOperationException">That task was left out in this run.</exception>
    public T Take<T>(Output<T> output)
        where T : class
        => _given.TryGetValue(output, out var made) ? (T)made : throw new InvalidOperationException($"no task of this run made a {typeof(T).Name}");

    /// <summary>The same for the run's last words, which come however far it got; null where nobody made it.</summary>
    public T? Find<T>(Output<T> output)
        where T : class
        => _given.GetValueOrDefault(output) as T;

    /// <summary>Keeps something until the run's end, however it ends.</summary>
    public T Hold<T>(T held)
        where T : IDisposable
    {
        _held.Push(held);
        return held;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        while (_held.TryPop(out var held))
        {
            held.Dispose();
        }
    }
}
