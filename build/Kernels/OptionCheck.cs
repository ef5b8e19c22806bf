using System.Collections.Immutable;
using Dom0Image.Diagnostics;

namespace Dom0Image.Kernels;

/// <summary>
/// Checks that every option that was asked for is in the finished configuration. The kernel's own tool drops, without a
/// word, what it cannot have.
/// </summary>
internal static class OptionCheck
{
    /// <summary>What did not survive, each with its reason; empty when all did.</summary>
    /// <param name="requested">What the fragments ask for.</param>
    /// <param name="config">The finished configuration.</param>
    /// <param name="source">The kernel's source tree, read only when something did not survive.</param>
    /// <param name="architecture">The directory below <c>arch/</c>, such as <c>x86</c>.</param>
    public static IReadOnlyList<Diagnostic> Check(IReadOnlyList<RequestedOption> requested, KernelConfig config, string source, string architecture)
    {
        var dropped = requested.Where(option => !Survived(option, config)).ToList();
        if (dropped.Count == 0)
        {
            return [];
        }

        var symbols = KconfigReader.Read(source, architecture);
        var kernel = Path.GetFileName(source.TrimEnd('/'));
        return [.. dropped.Select(option => Explain(option, config, symbols, kernel))];
    }

    private static bool Survived(RequestedOption option, KernelConfig config) => config[option.Name] == option.Value;

    private static Diagnostic Explain(
        RequestedOption option, KernelConfig config, ImmutableDictionary<string, KconfigSymbol> symbols, string kernel)
    {
        if (!symbols.TryGetValue(option.Name, out var symbol))
        {
            return new Diagnostic($"{option} was asked for, but {kernel} has no such option")
            {
                Where = option.Where,
                Hint = Nearest.Hint(option.Name, symbols.Keys) ?? "It may have been removed or renamed in this version.",
            };
        }

        return new Diagnostic($"{option} was asked for, but the kernel's configuration has it {Shown(config[option.Name])}")
        {
            Where = option.Where,
            Hint = new DroppedOption(option, symbol, config, symbols).Reason(),
        };
    }

    private static string Shown(string value) => value == "n" ? "off" : $"at {value}";
}
