namespace Dom0Image.Generations;

/// <summary>How menus boot a kernel; it may be both.</summary>
/// <param name="UnderXen">As dom0.</param>
/// <param name="Alone">Without a hypervisor.</param>
public readonly record struct KernelUse(bool UnderXen, bool Alone);
