namespace Dom0Image.HostTools;

/// <summary>Says on a task which tools it needs itself; those of the tasks that it depends on come with these.</summary>
/// <param name="sets">Sets of tools.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
internal class NeedsAttribute(params ToolSet[] sets) : Attribute
{
    public IReadOnlyList<ToolSet> Sets { get; } = sets;
}

/// <summary>Says on a task that it runs the project's tests, which need nearly all that there is.</summary>
internal sealed class NeedsOfTestsAttribute() : NeedsAttribute(
    ToolSet.RootFs, ToolSet.Kernels, ToolSet.Guest, ToolSet.BootFiles, ToolSet.Storage, ToolSet.BootLab, ToolSet.Serving, ToolSet.Tests);
