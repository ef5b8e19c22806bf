using System.Collections.Immutable;

namespace Dom0Image.BootLab.Steps;

/// <summary>Why a boot ended before its log-in prompt.</summary>
/// <param name="LastStep">The last step that was reached.</param>
/// <param name="Expected">The step that did not come.</param>
/// <param name="Reason">What ended it: what the client said, or the time limit.</param>
/// <param name="LastLines">The last lines of the serial console.</param>
/// <param name="Hint">What to look at first.</param>
internal sealed record BootFailure(BootStep LastStep, BootStep Expected, string Reason, ImmutableArray<string> LastLines, string Hint)
{
    /// <inheritdoc/>
    public override string ToString() => $"the boot ended after step {LastStep}, before {Expected}: {Reason}";
}
