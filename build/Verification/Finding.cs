using System.Collections.Immutable;
using System.Reflection;
using System.Text.Json.Serialization;
using Dom0Image.Diagnostics;
using Dom0Image.Posix;

namespace Dom0Image.Verification;

/// <summary>Something in an image, a generation or its menus that must not be published.</summary>
/// <param name="Kind">Which of the faults that are known.</param>
/// <param name="ImagePath">Where it is, as a client names it: a path in the image, or one below the TFTP area.</param>
/// <param name="What">What is wrong there.</param>
/// <param name="Hint">What to do about it; null when <paramref name="What"/> says it all.</param>
internal sealed record Finding([property: JsonIgnore] FindingKind Kind, string ImagePath, string What, string? Hint = null)
{
    private static readonly ImmutableDictionary<FindingKind, string> Rules = Enum.GetValues<FindingKind>().ToImmutableDictionary(
        kind => kind, kind => typeof(FindingKind).GetField(kind.ToString())!.GetCustomAttribute<RuleAttribute>()!.Name);

    /// <summary>The rule's name, such as <c>dangling-flash-link</c>: one rule has a few kinds.</summary>
    public string Rule => Rules[Kind];

    /// <summary>The finding as a reason to stop.</summary>
    public Diagnostic ToDiagnostic() => new($"{ByteName.Printable(ImagePath)}: {What} [{Rule}]") { Hint = Hint };

    /// <summary><c>path: what [rule]. hint</c> on one line.</summary>
    public override string ToString() => ToDiagnostic().ToString();
}
