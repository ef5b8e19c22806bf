using System.Collections.Immutable;

namespace Dom0Image.Verification;

/// <summary>The rules that a generation is published by. Every one is asked, whatever the others found.</summary>
internal static class Rules
{
    /// <summary>Over the image's root as a whole.</summary>
    public static ImmutableArray<IImageRule> OfImage { get; } =
    [
        new FlashRule(),
        new InitRule(),
        new BootScriptRule(),
        new SecretRule(),
        new LoginRule(),
        new HostPathMadeRule(),
    ];

    /// <summary>Over the generation's parts and its menus.</summary>
    public static ImmutableArray<IGenerationRule> OfGeneration { get; } =
    [
        new TftpRule(),
        new HypervisorRule(),
        new KernelRule(),
        new MenuRule(),
        new MicrocodeRule(),
        new AccountRule(),
    ];

    /// <summary>Over each entry of an image.</summary>
    public static ImmutableArray<IEntryRule> OfEntries(CheckedImage image) =>
    [
        new DeviceRule(),
        new OverlayTraceRule(),
        new SetUidRule(image),
        new WritableRule(image),
        new FlashTargetRule(image),
        new HostPathRule(image),
    ];
}
