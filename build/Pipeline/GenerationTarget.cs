using Dom0Image.Store;

namespace Dom0Image.Pipeline;

/// <summary>The generation that this run is about, new or not.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Key">Key over what it is made from.</param>
internal sealed record GenerationTarget(string Id, StageKey Key);
