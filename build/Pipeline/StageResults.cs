namespace Dom0Image.Pipeline;

/// <summary>
/// What the tasks of one run have handed on so far: one value of each type. A task asks for the types that it takes and
/// puts the type that it gives, so that the order of the tasks is the only thing that ties them. Disposing releases, the
/// last first, those that hold something: the build lock, a generation that was not finished.
/// </summary>
internal sealed class StageResults : IDisposable
{
    private readonly List<object> _values = [];

    /// <summary>Hands on a result. Each type is put once.</summary>
    /// <exception cref="InvalidOperationException">A task put this type before.</exception>
    public T Put<T>(T value)
        where T : class
    {
        if (Find<T>() is not null)
        {
            throw new InvalidOperationException($"two tasks made a {typeof(T).Name}");
        }

        _values.Add(value);
        return value;
    }

    /// <summary>Takes a result that an earlier task put.</summary>
    /// <exception cref="InvalidOperationException">No task put it: a dependency between task classes is missing.</exception>
    public T Get<T>()
        where T : class
        => Find<T>() ?? throw new InvalidOperationException($"no task before this one made a {typeof(T).Name}; is an IsDependentOn missing?");

    /// <summary>Takes a result if an earlier task put it.</summary>
    public T? Find<T>()
        where T : class
        => _values.OfType<T>().SingleOrDefault();

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var held in Enumerable.Reverse(_values).OfType<IDisposable>())
        {
            held.Dispose();
        }

        _values.Clear();
    }
}
