using System.Collections.Immutable;
using Dom0Image.Diagnostics;

namespace Dom0Image.Kernels;

/// <summary>
/// What a kernel can be booted as. An option says so, and no file's name: in the plan one that its fragments ask for, later one of its
/// finished configuration.
/// </summary>
internal sealed class KernelAbility
{
    public static readonly KernelAbility Dom0 = new("be dom0", "XEN_DOM0", "XEN_PRIVILEGED_GUEST");

    public static readonly KernelAbility Uefi = new("be booted by UEFI", "EFI");

    private readonly string _what;

    // The second is that of Xen's own trees, before dom0 was in Linux.
    private readonly ImmutableArray<string> _options;

    private KernelAbility(string what, params ImmutableArray<string> options) => (_what, _options) = (what, options);

    /// <summary>Whether fragments ask for it.</summary>
    public bool IsAskedBy(FragmentSet fragments) => fragments.Options.Any(option => option.Value == "y" && _options.Contains(option.Name));

    /// <summary>Whether a kernel of this finished configuration has it.</summary>
    public bool IsIn(KernelConfig config) => _options.Any(config.BuiltIn);

    /// <summary>The option to ask for.</summary>
    public override string ToString() => $"CONFIG_{_options[0]}=y";

    /// <summary>Where a finished configuration is not what the plan went by.</summary>
    public static IEnumerable<Diagnostic> Differences(FragmentSet asked, KernelConfig finished)
        => from ability in new[] { Dom0, Uefi }
           from option in ability._options
           let request = asked.Options.FirstOrDefault(o => o.Name == option)
           let planned = request?.Value == "y"
           where planned != finished.BuiltIn(option)
           select new Diagnostic(
               $"{(request is null ? $"no fragment asks for CONFIG_{option}" : $"{request} is asked for at {request.Where}")}, but the finished configuration has CONFIG_{option}={finished[option]}: "
               + $"the plan went by a kernel that can{(planned ? "" : "not")} {ability._what}")
           {
               Hint = request is null ? $"Set CONFIG_{option}=y in a fragment of the flavour, in kernel-configs/." : null,
           };
}
