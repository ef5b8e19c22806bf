using System.Collections.Immutable;
using Dom0Image.Diagnostics;

namespace Dom0Image.Kernels;

/// <summary>One place where Kconfig files define a symbol; some have several.</summary>
/// <param name="Where">File below the kernel's source, and line.</param>
/// <param name="Prompt">Whether a person can set it there.</param>
/// <param name="PromptCondition">When a person can set it there, beside its dependencies; null for always.</param>
/// <param name="Depends">Its own dependencies and those of the menus, choices and ifs around it; null for none.</param>
/// <param name="Choice">Where the choice starts that it is one member of; null for none.</param>
internal sealed record KconfigDefinition(
    SourceLocation Where,
    bool Prompt,
    KconfigExpression? PromptCondition,
    KconfigExpression? Depends,
    SourceLocation? Choice);

/// <summary>A symbol of a kernel.</summary>
/// <param name="Name">Without <c>CONFIG_</c>.</param>
/// <param name="Definitions">At least one.</param>
/// <param name="SelectedBy">Symbols that switch it on with themselves, and the condition under which they do.</param>
internal sealed record KconfigSymbol(
    string Name,
    ImmutableArray<KconfigDefinition> Definitions,
    ImmutableArray<(string Name, KconfigExpression? Condition)> SelectedBy);
