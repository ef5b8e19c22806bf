using Dom0Image.Boot.Servers;

namespace Dom0Image.Serving;

/// <summary>What is to be done to one server so that clients boot.</summary>
/// <param name="Server">The server.</param>
/// <param name="Enable">Whether it does not yet start with the machine.</param>
/// <param name="Restart">Why it has to be started, or started anew; null where it goes on as it is.</param>
internal sealed record ServeStep(IBootServer Server, bool Enable, string? Restart)
{
    /// <summary>Whether it is a server that the site does not run: it is stopped and disabled.</summary>
    public bool Unwanted { get; init; }

    /// <summary>The file that it is told to read again; null where that is not needed.</summary>
    public string? ReadAgain { get; init; }

    /// <summary>The step in words.</summary>
    public override string ToString() => (Unwanted, Enable, Restart, ReadAgain) switch
    {
        (true, _, _, _) => $"stop and disable {Name}, since two {Server.Kind}s cannot serve the same",
        (_, true, null, null) => $"enable {Name}",
        (_, true, null, _) => $"enable {Name}, and have it read {ReadAgain} again",
        (_, true, _, _) => $"enable {Name}, and start it: {Restart}",
        (_, _, null, _) => $"have {Name} read {ReadAgain} again, which ends no client",
        _ => $"{(Server.RunningSince is null ? "start" : "restart")} {Name}: {Restart}",
    };

    private string Name => Server.Service.Name;
}
