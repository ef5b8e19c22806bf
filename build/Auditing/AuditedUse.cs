using System.Collections.Immutable;
using System.Net;
using Dom0Image.BootLab.DomU;
using Dom0Image.BootLab.Serial;
using Dom0Image.Generations;
using Dom0Image.Xen.Guest;

namespace Dom0Image.Auditing;

/// <summary>
/// Uses a client that is audited: a log-in over the network, <c>xl</c>, a guest's start and stop. What could not be used was
/// not audited, so it is told.
/// </summary>
/// <param name="shell">A root shell on the client.</param>
/// <param name="console">Its console.</param>
/// <param name="slowness">Factor for the time limits.</param>
internal sealed class AuditedUse(ClientShell shell, SerialConsole console, double slowness)
{
    // By a key that is made in RAM for it.
    private const string LogInOverSsh = "mkdir -p -m 700 /root/.ssh && ssh-keygen -q -t ed25519 -N '' -f /root/.ssh/audit </dev/null"
        + " && cat /root/.ssh/audit.pub >>/root/.ssh/authorized_keys"
        + " && ssh -o StrictHostKeyChecking=no -o BatchMode=yes -i /root/.ssh/audit root@localhost true </dev/null";

    private readonly TimeSpan _limit = TimeSpan.FromSeconds(120) * slowness;

    /// <summary>Uses it.</summary>
    /// <param name="xen">Whether it runs under Xen.</param>
    /// <param name="server">Its boot server.</param>
    /// <param name="guest">A guest among the server's images; null for none.</param>
    /// <param name="cancellation">Ctrl-C.</param>
    /// <returns>What could not be used, one line each.</returns>
    public async Task<ImmutableArray<string>> RunAsync(bool xen, IPAddress server, ExampleGuest? guest, CancellationToken cancellation)
    {
        var failed = ImmutableArray.CreateBuilder<string>();
        failed.AddRange(await TryAsync("the log-in over ssh", LogInOverSsh, cancellation).ConfigureAwait(false));
        if (xen)
        {
            failed.AddRange(await TryAsync("'xl info'", "xl info 2>&1 >/dev/null", cancellation).ConfigureAwait(false));
            failed.AddRange(await TryAsync("'xl list'", "xl list 2>&1 >/dev/null", cancellation).ConfigureAwait(false));
        }

        if (guest is not null)
        {
            failed.AddRange(await TryAsync("the mount of the guests' images", Mounted(server), cancellation).ConfigureAwait(false));
            var trial = await new DomUTrial(console, shell, guest, slowness).RunAsync(cancellation).ConfigureAwait(false);
            failed.AddRange(trial.Where(c => !c.Passed).Select(c => $"the guest ({c.Name}): {c.Detail}"));
        }

        return failed.ToImmutable();
    }

    // The image mounts them itself. Generations of before looked for their server in the root's mount alone, which is another one here.
    private static string Mounted(IPAddress server)
        => $"grep -q ' {Places.DomUImages} nfs ' /proc/mounts || {ImagesMount.Command(server, Places.DomUImages)}";

    private async Task<ImmutableArray<string>> TryAsync(string what, string command, CancellationToken cancellation)
    {
        var result = await shell.RunAsync(command, _limit, cancellation).ConfigureAwait(false);
        return result.ExitCode == 0 ? [] : [$"{what} failed with exit code {result.ExitCode}: {string.Join("; ", result.Lines.TakeLast(2))}"];
    }
}
