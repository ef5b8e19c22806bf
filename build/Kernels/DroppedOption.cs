using System.Collections.Immutable;

namespace Dom0Image.Kernels;

/// <summary>Finds out why one option is not as it was asked for.</summary>
/// <param name="option">What was asked for.</param>
/// <param name="symbol">Its definitions.</param>
/// <param name="config">The finished configuration.</param>
/// <param name="symbols">All symbols of the kernel.</param>
internal sealed class DroppedOption(
    RequestedOption option, KconfigSymbol symbol, KernelConfig config, ImmutableDictionary<string, KconfigSymbol> symbols)
{
    /// <summary>The reason, in a sentence or two.</summary>
    public string Reason()
        => option.Value == "n" ? WhyOn()
            : !Prompts().Any() ? NoPrompt()
            : Prompts().All(definition => Unmet(definition) is not null) ? string.Join(" Or: ", Prompts().Select(Unmet))
            : WhyOther();

    // Where it can be set by hand.
    private IEnumerable<KconfigDefinition> Prompts() => symbol.Definitions.Where(definition => definition.Prompt);

    // The dependencies of one definition that are not met, or null when all are.
    private string? Unmet(KconfigDefinition definition)
    {
        var needed = KconfigExpression.All(new[] { definition.Depends, definition.PromptCondition }.OfType<KconfigExpression>());
        // A module is enough for nothing that must be built in.
        var level = option.Value == "m" ? 1 : 2;
        if (needed is null || needed.Value(config) >= level)
        {
            return null;
        }

        var missing = Missing(needed, level).Distinct().ToList();
        return $"It depends on '{needed}' ({definition.Where.File}:{definition.Where.Line}), and {string.Join("; ", missing)}.";
    }

    private IEnumerable<string> Missing(KconfigExpression expression, int level) => expression switch
    {
        _ when expression.Value(config) >= level => [],
        KconfigExpression.And and => Missing(and.Left, level).Concat(Missing(and.Right, level)),
        KconfigExpression.Or or => [string.Join(", or ", Missing(or.Left, level).Concat(Missing(or.Right, level)).Distinct())],
        KconfigExpression.Not { Inner: KconfigExpression.Symbol inner } => [$"{inner} must be off but is {config[inner.Name]}"],
        KconfigExpression.Symbol other => [Advice(other.Name)],
        _ => [$"'{expression}' does not hold"],
    };

    private string Advice(string name)
    {
        var state = config[name] == "n" ? "is not set" : $"is {config[name]}";
        return symbols.GetValueOrDefault(name) switch
        {
            null => $"{name} is not known to this kernel",
            { } other when other.Definitions.Any(definition => definition.Prompt) => $"{name} {state}: add CONFIG_{name}=y to a fragment",
            { SelectedBy.Length: > 0 } other => $"{name} {state}: {Selectors(other)}",
            _ => $"{name} {state}",
        };
    }

    private string NoPrompt()
        => symbol.SelectedBy.Length == 0
            ? "It cannot be set by hand: the kernel works it out."
            : $"It cannot be set by hand: {Selectors(symbol)}.";

    private static string Selectors(KconfigSymbol of)
    {
        const int shown = 5;
        var names = of.SelectedBy.Select(by => by.Name).Distinct().ToList();
        return $"it comes with {string.Join(", ", names.Take(shown))}{(names.Count > shown ? $" and {names.Count - shown} others" : "")}";
    }

    private string WhyOn()
    {
        var by = symbol.SelectedBy
            .Where(selector => config[selector.Name] != "n" && (selector.Condition?.Value(config) ?? 2) > 0)
            .Select(selector => $"CONFIG_{selector.Name}")
            .Distinct()
            .ToList();
        return by.Count > 0 ? $"It comes with {string.Join(", ", by)}." : "Nothing lets it be switched off here.";
    }

    private string WhyOther()
    {
        if (symbol.Definitions.Select(definition => definition.Choice).FirstOrDefault(choice => choice is not null) is { } choice)
        {
            var chosen = symbols.Values
                .Where(other => other.Definitions.Any(definition => definition.Choice == choice) && config[other.Name] == "y")
                .Select(other => $"CONFIG_{other.Name}=y");
            return $"Only one of its choice ({choice.File}:{choice.Line}) can be had, and that is {string.Join(", ", chosen)}.";
        }

        return option.Value == "m" && config["MODULES"] == "n"
            ? "Modules need CONFIG_MODULES=y in a fragment."
            : "All that it depends on is there; is the value one that it can take?";
    }
}
