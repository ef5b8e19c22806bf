using System.Collections.Immutable;

namespace Dom0Image.BootLab.Audit;

/// <summary>A path outside the flash list that a client wrote to.</summary>
/// <param name="Path">Path in the image.</param>
/// <param name="What">Such as <c>file written</c>, <c>directory made</c>, <c>deleted</c>.</param>
/// <param name="Processes">Command lines of who wrote, where it could be told.</param>
/// <param name="RecipeLine">Line for the recipe's flash list that would cover it; null when none would.</param>
public sealed record AuditedWrite(string Path, string What, ImmutableArray<string> Processes, string? RecipeLine);
