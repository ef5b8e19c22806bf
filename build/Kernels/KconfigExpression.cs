using System.Text.RegularExpressions;

namespace Dom0Image.Kernels;

/// <summary>A dependency as Kconfig files write it: <c>NETDEVICES &amp;&amp; (PCI || !X86)</c>.</summary>
internal abstract partial record KconfigExpression
{
    /// <summary>A symbol, <c>y</c>, <c>m</c> or <c>n</c>.</summary>
    public sealed record Symbol(string Name) : KconfigExpression
    {
        public override string ToString() => Name;
    }

    /// <summary>What this reader cannot decide, a test of the compiler for example; taken to be met.</summary>
    public sealed record Opaque(string Text) : KconfigExpression
    {
        public override string ToString() => Text;
    }

    /// <summary>A comparison, such as <c>NR_CPUS &gt; 64</c>.</summary>
    public sealed record Comparison(string Left, string Operator, string Right) : KconfigExpression
    {
        public override string ToString() => $"{Left} {Operator} {Right}";
    }

    public sealed record Not(KconfigExpression Inner) : KconfigExpression
    {
        public override string ToString() => Inner is And or Or ? $"!({Inner})" : $"!{Inner}";
    }

    /// <summary>Both.</summary>
    public sealed record And(KconfigExpression Left, KconfigExpression Right) : KconfigExpression
    {
        public override string ToString() => $"{Wrap(Left)} && {Wrap(Right)}";

        private static string Wrap(KconfigExpression side) => side is Or ? $"({side})" : $"{side}";
    }

    /// <summary>At least one.</summary>
    public sealed record Or(KconfigExpression Left, KconfigExpression Right) : KconfigExpression
    {
        public override string ToString() => $"{Left} || {Right}";
    }

    /// <summary>Reads an expression; one that this reader does not understand comes back <see cref="Opaque"/>.</summary>
    public static KconfigExpression Parse(string text)
    {
        var tokens = new Queue<string>(Token().Matches(text).Select(match => match.Value));
        try
        {
            var expression = ParseOr(tokens);
            return tokens.Count == 0 ? expression : new Opaque(text.Trim());
        }
        catch (InvalidOperationException)
        {
            return new Opaque(text.Trim());
        }
    }

    /// <summary>All of them, or null for none.</summary>
    public static KconfigExpression? All(IEnumerable<KconfigExpression> expressions)
        => expressions.Aggregate((KconfigExpression?)null, (all, next) => all is null ? next : new And(all, next));

    /// <summary>The value under a configuration: 0 for <c>n</c>, 1 for <c>m</c>, 2 for <c>y</c>.</summary>
    public int Value(KernelConfig config) => this switch
    {
        Symbol symbol => ValueOf(symbol.Name, config),
        Not not => 2 - not.Inner.Value(config),
        And and => Math.Min(and.Left.Value(config), and.Right.Value(config)),
        Or or => Math.Max(or.Left.Value(config), or.Right.Value(config)),
        Comparison comparison => Holds(comparison, config) ? 2 : 0,
        _ => 2,
    };

    private static int ValueOf(string name, KernelConfig config)
        => (name is "y" or "m" or "n" ? name : config[name]) switch { "y" => 2, "m" => 1, _ => 0 };

    private static bool Holds(Comparison comparison, KernelConfig config)
    {
        string Text(string side) => side.StartsWith('"') ? side.Trim('"') : config.Values.GetValueOrDefault(side, char.IsDigit(side[0]) || side is "y" or "m" ? side : "n").Trim('"');
        var (left, right) = (Text(comparison.Left), Text(comparison.Right));
        var order = long.TryParse(left, out var a) && long.TryParse(right, out var b) ? a.CompareTo(b) : string.CompareOrdinal(left, right);
        return comparison.Operator switch { "=" => order == 0, "!=" => order != 0, "<" => order < 0, ">" => order > 0, "<=" => order <= 0, _ => order >= 0 };
    }

    private static KconfigExpression ParseOr(Queue<string> tokens)
    {
        var left = ParseAnd(tokens);
        while (tokens.TryPeek(out var next) && next == "||")
        {
            tokens.Dequeue();
            left = new Or(left, ParseAnd(tokens));
        }

        return left;
    }

    private static KconfigExpression ParseAnd(Queue<string> tokens)
    {
        var left = ParseOne(tokens);
        while (tokens.TryPeek(out var next) && next == "&&")
        {
            tokens.Dequeue();
            left = new And(left, ParseOne(tokens));
        }

        return left;
    }

    private static KconfigExpression ParseOne(Queue<string> tokens)
    {
        var token = tokens.Dequeue();
        if (token == "!")
        {
            return new Not(ParseOne(tokens));
        }

        if (token == "(")
        {
            var inner = ParseOr(tokens);
            return tokens.Dequeue() == ")" ? inner : throw new InvalidOperationException("a parenthesis is not closed");
        }

        if (token.StartsWith("$(", StringComparison.Ordinal))
        {
            return new Opaque(token);
        }

        return tokens.TryPeek(out var next) && next is "=" or "!=" or "<" or ">" or "<=" or ">="
            ? new Comparison(token, tokens.Dequeue(), tokens.Dequeue())
            : new Symbol(token);
    }

    // A macro call may hold balanced parentheses of its own.
    [GeneratedRegex("""\$\((?>[^()]+|(?<open>\()|(?<-open>\)))*(?(open)(?!))\)|&&|\|\||!=|<=|>=|[=<>!()]|"[^"]*"|'[^']*'|[^\s&|!=<>()"']+""")]
    private static partial Regex Token();
}
