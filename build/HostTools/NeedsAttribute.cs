namespace Dom0Image.HostTools;

/// <summary>Says on a task which tools it needs itself; those of the tasks that it depends on come with these.</summary>
/// <param name="sets">Sets of tools.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
internal sealed class NeedsAttribute(params ToolSet[] sets) : Attribute
{
    public IReadOnlyList<ToolSet> Sets { get; } = sets;
}
