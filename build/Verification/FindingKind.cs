namespace Dom0Image.Verification;

/// <summary>
/// Every kind of fault that verification can find in an image, a generation or its menus. Each has a fault in the tests that is
/// planted where a real one would be: a kind without one fails them.
/// </summary>
internal enum FindingKind
{
    /// <summary>Whole directories that every image has are not there: nothing was looked at.</summary>
    [Rule("tree")]
    TreeIncomplete,

    /// <summary>Something is mounted in the tree, and what lies beneath was not looked at.</summary>
    [Rule("tree")]
    OtherFileSystem,

    /// <summary>/flash is no directory.</summary>
    [Rule("flash")]
    FlashNoDirectory,

    /// <summary>A directory on the way to a writable path is none.</summary>
    [Rule("flash")]
    FlashWay,

    /// <summary>A writable path is no link to its place below /flash.</summary>
    [Rule("flash-link")]
    FlashLink,

    /// <summary>A writable path's place below /flash is empty.</summary>
    [Rule("dangling-flash-link")]
    FlashMissing,

    /// <summary>Another link leads to a place below /flash where nothing is.</summary>
    [Rule("dangling-flash-link")]
    LinkIntoFlash,

    /// <summary>Something of another kind than in the list.</summary>
    [Rule("flash-kind")]
    FlashOtherKind,

    /// <summary>A link that leads elsewhere than in the list.</summary>
    [Rule("flash-target")]
    FlashTarget,

    /// <summary>Another mode than in the list.</summary>
    [Rule("flash-mode")]
    FlashMode,

    /// <summary>Another owner or group than in the list.</summary>
    [Rule("flash-owner")]
    FlashOwner,

    /// <summary>What clients unpack is not what the image has.</summary>
    [Rule("ram-tree-archive")]
    RamTreeStale,

    /// <summary>The directory on which the RAM tree is made is not there.</summary>
    [Rule("ram-tree-archive")]
    RamTreeAside,

    /// <summary>Device nodes for a suite whose kernels make none are not there.</summary>
    [Rule("ram-tree-archive")]
    RamTreeDevices,

    /// <summary>There is no init.</summary>
    [Rule("init")]
    InitMissing,

    /// <summary>The init is another than the recipe's.</summary>
    [Rule("init")]
    InitOther,

    /// <summary>System V init is not told to run the scripts of the boot.</summary>
    [Rule("init")]
    InitTable,

    /// <summary>One of our scripts is missing, cannot be run, or is not what the recipe makes it.</summary>
    [Rule("boot-script")]
    BootScript,

    /// <summary>The unit of one of our scripts is missing, or not ours.</summary>
    [Rule("boot-script")]
    BootUnit,

    /// <summary>Init does not start one of our scripts.</summary>
    [Rule("boot-script")]
    BootScriptNotStarted,

    /// <summary>Init starts one of our scripts after what needs it.</summary>
    [Rule("boot-script")]
    BootScriptLate,

    /// <summary>A key, an identity or a seed that all clients would share.</summary>
    [Rule("secret")]
    Secret,

    /// <summary>A cache, log or history of the build.</summary>
    [Rule("trace")]
    BuildTrace,

    /// <summary>A file of the build machine.</summary>
    [Rule("trace")]
    BuildMachinesFile,

    /// <summary>There is no machine-id file, which systemd wants.</summary>
    [Rule("shared-identity")]
    MachineIdMissing,

    /// <summary>Clients cannot have a machine-id of their own.</summary>
    [Rule("shared-identity")]
    MachineIdNotWritable,

    /// <summary>Clients cannot have SSH host keys of their own.</summary>
    [Rule("shared-identity")]
    HostKeysNotWritable,

    /// <summary>Who may log in cannot be told.</summary>
    [Rule("empty-password")]
    AccountsUnreadable,

    /// <summary>Root logs in without a password.</summary>
    [Rule("empty-password")]
    RootWithoutPassword,

    /// <summary>Another user logs in without a password.</summary>
    [Rule("empty-password")]
    UserWithoutPassword,

    /// <summary>/etc/passwd lets a user in whatever /etc/shadow says.</summary>
    [Rule("empty-password")]
    PasswdWithoutPassword,

    /// <summary>A device node outside /dev.</summary>
    [Rule("device-node")]
    DeviceNode,

    /// <summary>What an overlay writes for itself is in the image.</summary>
    [Rule("overlay-trace")]
    OverlayTrace,

    /// <summary>A set-uid or set-gid file that is not listed.</summary>
    [Rule("set-uid")]
    SetUid,

    /// <summary>A file names a path of the build machine.</summary>
    [Rule("host-path")]
    HostPathInFile,

    /// <summary>A link leads to a path of the build machine.</summary>
    [Rule("host-path")]
    HostPathInLink,

    /// <summary>A path of the build machine was made in the image.</summary>
    [Rule("host-path")]
    HostPathMade,

    /// <summary>There was no path of the build machine to look for.</summary>
    [Rule("host-path")]
    HostPathsUnknown,

    /// <summary>Everyone may write outside /flash.</summary>
    [Rule("world-writable")]
    WorldWritable,

    /// <summary>Everyone may delete everyone's files.</summary>
    [Rule("world-writable")]
    WritableWithoutSticky,

    /// <summary>A file below /flash that everyone may write to.</summary>
    [Rule("world-writable")]
    WritableFlashFile,

    /// <summary>An account has another id than its line says.</summary>
    [Rule("account-id")]
    AccountNotOfLine,

    /// <summary>An account has another id than in what is published.</summary>
    [Rule("account-id")]
    AccountMoved,

    /// <summary>An account has an id that was another's in what is published.</summary>
    [Rule("account-id")]
    AccountInherited,

    /// <summary>The TFTP part, or a part of it, is not there.</summary>
    [Rule("tftp")]
    TftpMissing,

    /// <summary>A link among what TFTP serves.</summary>
    [Rule("tftp")]
    TftpLink,

    /// <summary>The TFTP server cannot read something.</summary>
    [Rule("tftp")]
    TftpUnreadable,

    /// <summary>An empty file among what TFTP serves.</summary>
    [Rule("tftp")]
    TftpEmpty,

    /// <summary>A file of this name that GRUB cannot boot as a hypervisor.</summary>
    [Rule("hypervisor-image")]
    HypervisorNone,

    /// <summary>A hypervisor that is not whole.</summary>
    [Rule("hypervisor-image")]
    HypervisorDamaged,

    /// <summary>A kernel that is none.</summary>
    [Rule("kernel-image")]
    KernelNone,

    /// <summary>A kernel that is not whole.</summary>
    [Rule("kernel-image")]
    KernelDamaged,

    /// <summary>There is no kernel at all.</summary>
    [Rule("kernel-image")]
    KernelsMissing,

    /// <summary>A kernel's configuration is not there.</summary>
    [Rule("kernel-options")]
    KernelConfigMissing,

    /// <summary>A kernel lacks what its menus ask of it.</summary>
    [Rule("kernel-options")]
    KernelOption,

    /// <summary>A kernel's modules are not in the image.</summary>
    [Rule("modules")]
    ModulesMissing,

    /// <summary>Modules without a kernel.</summary>
    [Rule("modules")]
    ModulesOfNoKernel,

    /// <summary>The index of modules is missing.</summary>
    [Rule("modules")]
    ModulesIndexMissing,

    /// <summary>The index of modules lists others than there are.</summary>
    [Rule("modules")]
    ModulesIndexStale,

    /// <summary>Microcode that no kernel would find.</summary>
    [Rule("microcode")]
    MicrocodeDamaged,

    /// <summary>A menu does not hand microcode over.</summary>
    [Rule("microcode")]
    MicrocodeNotHanded,

    /// <summary>There are no menus.</summary>
    [Rule("menu")]
    MenusMissing,

    /// <summary>A menu's link leads to no menu.</summary>
    [Rule("menu")]
    MenuLink,

    /// <summary>A menu boots nothing.</summary>
    [Rule("menu")]
    MenuBootsNothing,

    /// <summary>A menu names what only GRUB can tell.</summary>
    [Rule("menu")]
    MenuUntold,

    /// <summary>A menu names a file that is not of its generation.</summary>
    [Rule("menu")]
    MenuOtherFile,

    /// <summary>A menu names a file that is not there.</summary>
    [Rule("menu")]
    MenuFileMissing,

    /// <summary>A menu takes a file for what it is not.</summary>
    [Rule("menu")]
    MenuFileMisused,

    /// <summary>A menu loads from another server than the one it names.</summary>
    [Rule("menu")]
    MenuOtherServer,

    /// <summary>A menu mounts a root that is not of its generation.</summary>
    [Rule("menu")]
    MenuOtherRoot,

    /// <summary>A menu gives its kernel no root.</summary>
    [Rule("menu")]
    MenuWithoutRoot,

    /// <summary>A menu gives its kernel two roots.</summary>
    [Rule("menu")]
    MenuTwoRoots,

    /// <summary>A menu starts the hypervisor without a kernel, or a kernel as the module of none.</summary>
    [Rule("menu")]
    MenuHalfOfXen,

    /// <summary>A menu goes on to one that is not there.</summary>
    [Rule("menu")]
    MenuNextMissing,
}
