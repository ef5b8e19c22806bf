namespace Dom0Image.HostTools;

/// <summary>Tools that are needed together; <see cref="HostToolTable"/> has their packages.</summary>
internal enum ToolSet
{
    /// <summary>Base layers and roots.</summary>
    RootFs,

    Kernels,

    /// <summary>The example guest.</summary>
    Guest,

    /// <summary>Menus, loaders, the servers' files and their checks.</summary>
    BootFiles,

    /// <summary>File systems that are exported.</summary>
    Storage,

    /// <summary>The boot server itself.</summary>
    Serving,

    /// <summary>The boot lab. It needs more of the machine than packages, too.</summary>
    BootLab,

    Tests,

    Benchmarks,
}
