namespace Cake.Frosting;

/// <summary>The tasks are put together wrongly.</summary>
public sealed class FrostingException : Exception
{
    /// <summary>Says what is wrong.</summary>
    public FrostingException(string message)
        : base(message)
    {
    }

    /// <summary>Says what is wrong and why.</summary>
    public FrostingException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
