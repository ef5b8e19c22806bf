namespace Cake.Frosting;

/// <summary>The tasks are put together wrongly.</summary>
public sealed class FrostingException(string message) : Exception(message);
