using Dom0Image.Diagnostics;

namespace Dom0Image.Kernels;

/// <summary>One option that a fragment asks for.</summary>
/// <param name="Name">Without <c>CONFIG_</c>, such as <c>VIRTIO_NET</c>.</param>
/// <param name="Value">As it stands in a <c>.config</c>: <c>y</c>, <c>m</c>, <c>n</c>, a number, or a string in double quotes.</param>
/// <param name="Where">The fragment's line.</param>
internal sealed record RequestedOption(string Name, string Value, SourceLocation Where)
{
    /// <summary>The option as the fragment has it, <c>CONFIG_VIRTIO_NET=y</c>.</summary>
    public override string ToString() => $"CONFIG_{Name}={Value}";
}
