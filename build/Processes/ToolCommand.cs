using System.Collections.Immutable;

namespace Dom0Image.Processes;

/// <summary>A program and its arguments, as a list: no value ever passes through a shell. Immutable.</summary>
/// <param name="Program">Name looked up as <see cref="ToolPath"/> says, or an absolute path.</param>
/// <param name="Arguments">Arguments, each one argv entry.</param>
internal sealed record ToolCommand(string Program, ImmutableArray<string> Arguments)
{
    /// <summary>A command from loose arguments.</summary>
    public ToolCommand(string program, params string[] arguments)
        : this(program, arguments.ToImmutableArray())
    {
    }

    /// <summary>Where it runs; null for the current directory.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>Variables added to, or with a null value removed from, the environment.</summary>
    public ImmutableDictionary<string, string?> Environment { get; init; } = ImmutableDictionary<string, string?>.Empty;

    /// <summary>Text for its standard input; the way to hand over secrets, which never stand in arguments.</summary>
    public string? StandardInput { get; init; }

    /// <summary>The namespaces of its own that it runs in; null for this process's. Needs root.</summary>
    internal Isolation? Isolation { get; init; }

    /// <summary>Whether its output may hold secrets: it is handed over and stands in no log and no message. Its error output does.</summary>
    public bool OutputIsSecret { get; init; }

    /// <summary>What to try when it fails.</summary>
    public string? Hint { get; init; }

    /// <summary>Exit codes that count as success.</summary>
    public ImmutableArray<int> SuccessCodes { get; init; } = [0];

    /// <summary>This command with more arguments at the end.</summary>
    public ToolCommand With(params string[] more) => this with { Arguments = Arguments.AddRange(more) };

    /// <summary>This command with one more environment variable.</summary>
    public ToolCommand WithEnvironment(string name, string? value) => this with { Environment = Environment.SetItem(name, value) };

    /// <summary>The command as a person would type it, quoted where a shell would need it. For messages and logs only.</summary>
    public override string ToString() => string.Join(' ', Arguments.Prepend(Program).Select(ShellWord.Of));
}
