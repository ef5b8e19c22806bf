namespace Dom0Image.Recipes;

/// <summary>How a kernel is booted; it may be both, or neither.</summary>
/// <param name="UnderXen">As dom0.</param>
/// <param name="Alone">Without a hypervisor.</param>
internal readonly record struct KernelUse(bool UnderXen, bool Alone)
{
    /// <summary>Whether anything boots it.</summary>
    public bool IsBooted => UnderXen || Alone;
}
