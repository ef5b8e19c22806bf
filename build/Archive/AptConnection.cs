using System.Net;
using System.Security.Cryptography.X509Certificates;
using Dom0Image.Diagnostics;
using Dom0Image.Processes;
using Dom0Image.Store;

namespace Dom0Image.Archive;

/// <summary>Goes to archives the way that the host's apt goes: through its proxies, said or found, and trusting its certificates.</summary>
/// <param name="config">The host's settings.</param>
/// <param name="context">Runs the program that finds proxies.</param>
internal sealed class AptConnection(AptConfig config, StageContext context)
{
    private const string Direct = "DIRECT";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>An HTTP handler for requests to <paramref name="uri"/>; the caller's to dispose.</summary>
    public async Task<SocketsHttpHandler> HandlerForAsync(Uri uri)
    {
        var handler = new SocketsHttpHandler { ConnectTimeout = Patience };
        var said = await ProxyForAsync(uri).ConfigureAwait(false);
        if (said is Direct or "false")
        {
            handler.UseProxy = false;
        }
        else if (Uri.TryCreate(said, UriKind.Absolute, out var proxy))
        {
            // The address stands in messages of failures, which a password must not.
            handler.Proxy = new WebProxy(new UriBuilder(proxy) { UserName = "", Password = "" }.Uri) { Credentials = CredentialsIn(proxy) };
        }

        // Only with authorities of its own; else those of the system, as apt.
        if (FirstOf($"Acquire::https::CaInfo::{uri.Host}", "Acquire::https::CaInfo") is { } authorities && File.Exists(authorities))
        {
            var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            policy.CustomTrustStore.ImportFromPemFile(authorities);
            handler.SslOptions.CertificateChainPolicy = policy;
        }

        return handler;
    }

    /// <summary>
    /// The proxy that apt would use, as apt writes it: one for this host, else the one that the program of
    /// <c>Proxy-Auto-Detect</c> names, else the one for all hosts. Null when nothing is said: the environment then decides.
    /// </summary>
    public async Task<string?> ProxyForAsync(Uri uri)
        => FirstOf($"Acquire::{uri.Scheme}::Proxy::{uri.Host}", $"Acquire::http::Proxy::{uri.Host}")
            ?? await DetectAsync(uri).ConfigureAwait(false)
            ?? FirstOf($"Acquire::{uri.Scheme}::Proxy", "Acquire::http::Proxy");

    // apt.conf(5): its one argument is the address, it prints a proxy or DIRECT, and nothing when it knows none.
    private async Task<string?> DetectAsync(Uri uri)
    {
        string[] names = ["Proxy-Auto-Detect", "ProxyAutoDetect"];
        var program = FirstOf([.. names.Select(name => $"Acquire::{uri.Scheme}::{name}"), .. names.Select(name => $"Acquire::http::{name}")]);
        if (program is null || !File.Exists(program))
        {
            return null;
        }

        try
        {
            var result = await context.RunAsync(new ToolCommand(program, uri.GetLeftPart(UriPartial.Authority)) { OutputIsSecret = true }).ConfigureAwait(false);
            return result.Lines.Select(line => line.Trim()).FirstOrDefault(line => line.Length > 0);
        }
        catch (ToolFailedException problem)
        {
            context.Progress.Warn($"apt's program that finds a proxy failed, and its other settings are taken: {problem.Message}");
            return null;
        }
    }

    private string? FirstOf(params string[] names) => names.Select(name => config.Values.GetValueOrDefault(name)).FirstOrDefault(value => !string.IsNullOrEmpty(value));

    private static NetworkCredential? CredentialsIn(Uri proxy) => proxy.UserInfo.Split(':', 2) is [var user, var password]
        ? new NetworkCredential(Uri.UnescapeDataString(user), Uri.UnescapeDataString(password))
        : null;
}
