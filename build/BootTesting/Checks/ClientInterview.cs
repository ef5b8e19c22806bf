using System.Globalization;
using Dom0Image.BootLab.Channel;
using Dom0Image.BootLab.Clients;
using Dom0Image.BootLab.Serial;

namespace Dom0Image.BootTesting.Checks;

/// <summary>
/// Has a booted client run its checks. The script and the answers go over the lab's own channel; one command is typed.
/// </summary>
internal static class ClientInterview
{
    // In a tmpfs of every init system, and on no list of what is looked at.
    private const string Script = "/run/boot-test";

    private static readonly TimeSpan BootEndLimit = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan CheckLimit = TimeSpan.FromSeconds(120);

    /// <summary>Runs the checks.</summary>
    /// <param name="shell">A root shell on the client.</param>
    /// <param name="plan">What it is held against.</param>
    /// <param name="channel">The way to it.</param>
    /// <param name="slowness">Factor for the time limits.</param>
    /// <param name="cancellation">Ctrl-C.</param>
    public static async Task<ClientTestimony> HoldAsync(ClientShell shell, ClientExpectation plan, LabChannel channel, double slowness, CancellationToken cancellation)
    {
        var answers = $"{plan.HostName}/answers";
        var fetch = channel.Offer($"{plan.HostName}/script", CheckScript.For(plan, BootEndLimit * slowness));
        var run = await shell.RunAsync(
            $"{fetch} >{Script} && sh {Script} 2>{Script}-errors | {channel.Send(answers)}; tail -n 3 {Script}-errors", (BootEndLimit + CheckLimit) * slowness, cancellation).ConfigureAwait(false);
        if (await channel.ReceiveAsync(answers, LabChannel.LastBytesLimit, cancellation).ConfigureAwait(false) is not { } told)
        {
            return Failed("answers", $"the client sent none: {string.Join("; ", run.Lines)}");
        }

        var testimony = ClientTestimony.Read(told.Split('\n'));
        var complete = new CheckResult("all-checks-run", testimony.Complete, testimony.Complete ? "" : string.Join("; ", run.Lines));
        return testimony with { Checks = [.. testimony.Checks, Clock(testimony), complete] };
    }

    private static ClientTestimony Failed(string check, string detail) => new([new CheckResult(check, false, detail)], System.Collections.Immutable.ImmutableDictionary<string, string>.Empty, Complete: false);

    // The client has its time from its clock chip; five minutes is what a slow, busy machine may lose meanwhile.
    private static CheckResult Clock(ClientTestimony testimony)
    {
        var read = long.TryParse(testimony.Facts.GetValueOrDefault("clock"), CultureInfo.InvariantCulture, out var seconds);
        var off = DateTimeOffset.UtcNow.ToUnixTimeSeconds() - seconds;
        return new CheckResult("clock", read && Math.Abs(off) < 300, read ? $"{off} s behind" : "it told no time");
    }
}
