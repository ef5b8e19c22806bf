using System.Collections.Immutable;

namespace Dom0Image.Auditing;

/// <summary>A stage of an audited client's life at which the lab plants a write.</summary>
/// <param name="Name">Name of the file that is written.</param>
/// <param name="About">As the user knows it.</param>
internal sealed record AuditStage(string Name, string About)
{
    /// <summary>Where all write: a directory of the root itself, so that no other is told to have changed because of it.</summary>
    public const string Place = "/write-audit";

    private const string Gone = ".gone";

    /// <summary>The first thing after the RAM tree.</summary>
    public static AuditStage BeforeUdev { get; } = new("before-udev", "before udev");

    /// <summary>When local file systems are mounted.</summary>
    public static AuditStage SystemStart { get; } = new("system-start", "the end of the system's start (rcS, sysinit.target)");

    /// <summary>As the image's daemons are started.</summary>
    public static AuditStage Service { get; } = new("service", "a service of the default run level");

    /// <summary>The lab's own on the serial line.</summary>
    public static AuditStage LogIn { get; } = new("log-in-login", "a log-in on the console");

    /// <summary>The lab's own over the network.</summary>
    public static AuditStage RemoteLogIn { get; } = new("log-in-sshd", "a log-in over ssh");

    /// <summary>Where the image starts a cron.</summary>
    public static AuditStage Cron { get; } = new("cron", "a job of cron");

    /// <summary>What systemd has in cron's place.</summary>
    public static AuditStage Timer { get; } = new("timer", "a timer of systemd");

    /// <summary>The last thing before the lab looks.</summary>
    public static AuditStage Last { get; } = new("last", "after the guest");

    /// <summary>What is not seen of what was planted, one line each. What a program of the image writes then is not seen either.</summary>
    /// <param name="stages">Stages at which something was planted.</param>
    /// <param name="upper">The tree that caught the client's writes.</param>
    /// <param name="processes">Who wrote to which file.</param>
    public static ImmutableArray<string> Unseen(ImmutableArray<AuditStage> stages, ImmutableArray<AuditEntry> upper, ImmutableDictionary<string, ImmutableArray<string>> processes)
    {
        var stayed = upper.Select(entry => entry.Path).ToHashSet(StringComparer.Ordinal);
        ImmutableArray<AuditStage> missed = [.. stages.Where(s => !stayed.Contains($"{Place}/{s.Name}"))];
        ImmutableArray<AuditStage> gone = [.. stages.Except(missed).Where(s => !processes.ContainsKey($"{Place}/{s.Name}{Gone}"))];
        return
        [
            .. missed.IsEmpty ? [] : ImmutableArray.Create($"files written at these stages: {Words(missed)}"),
            .. gone.IsEmpty ? [] : ImmutableArray.Create($"files made and deleted again at these stages: {Words(gone)}"),
        ];
    }

    /// <summary>Whether a path is what was planted.</summary>
    public static bool IsPlanted(string path) => path == Place || path.StartsWith(Place + "/", StringComparison.Ordinal);

    private static string Words(ImmutableArray<AuditStage> stages) => string.Join(", ", stages.Select(s => s.About));
}
