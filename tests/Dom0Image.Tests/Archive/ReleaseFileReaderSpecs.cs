using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Dom0Image.Archive;
using Dom0Image.Diagnostics;
using Dom0Image.Store;
using Dom0Image.Tests.BaseLayer;

namespace Dom0Image.Tests.Archive;

/// <summary>The way to an archive is the one that the host's apt goes: apt goes it, with the host's settings.</summary>
internal sealed class ReleaseFileReaderSpecs
{
    private static readonly Uri Far = new("http://far.example.org/debian");

    private TempDirectory _temp = null!;
    private SignedArchive _archive = null!;
    private StageContext _context = null!;

    [SetUp]
    public void SetUp()
    {
        _temp = new TempDirectory();
        _archive = new SignedArchive(_temp);
        (_context, _) = BaseLayerHelp.Context(_temp.Path);
    }

    [TearDown]
    public void TearDown()
    {
        _archive.Dispose();
        _temp.Dispose();
    }

    [TestCase(null)]
    [TestCase("us er:pass@word")]
    public async Task I_can_read_the_archive_through_a_proxy(string? credentials)
    {
        using var proxy = new FaultyMirror(_archive.Root) { ProxyCredentials = credentials };
        var login = credentials is null ? "" : string.Join(':', credentials.Split(':').Select(Uri.EscapeDataString)) + "@";

        await AssertReadAsync(Far, $"Acquire::http::Proxy \"http://{login}{proxy.Uri.Authority}\";");

        Assert.That(proxy.Answers.Last(), Is.EqualTo("200 http://far.example.org/debian/dists/trixie/InRelease"));
    }

    [Test]
    public async Task I_go_directly_where_apt_does()
    {
        using var mirror = new FaultyMirror(_archive.Root);

        await AssertReadAsync(mirror.Uri, "Acquire::http::Proxy \"http://127.0.0.1:1\";", "Acquire::http::Proxy::127.0.0.1 \"DIRECT\";");
    }

    [Test]
    public async Task I_go_through_the_proxy_that_apts_own_program_finds()
    {
        using var proxy = new FaultyMirror(_archive.Root);

        await AssertReadAsync(Far, $"Acquire::http::Proxy-Auto-Detect \"{Program($"case $1 in http://far.example.org*) echo {proxy.Uri} ;; esac")}\";");

        Assert.That(proxy.Answers, Is.Not.Empty);
    }

    [Test]
    public void I_am_told_when_that_program_fails()
        => Assert.That(
            () => ReadAsync(Far, $"Acquire::http::Proxy-Auto-Detect \"{Program("exit 3")}\";", "Acquire::http::Proxy \"http://127.0.0.1:1\";"),
            Throws.InstanceOf<BuildFailedException>().With.Message.Contains("cannot be reached"));

    [Test]
    public void I_am_told_of_a_proxy_that_refuses_me_without_its_password()
    {
        using var proxy = new FaultyMirror(_archive.Root) { ProxyCredentials = "user:right" };

        var failure = Assert.ThrowsAsync<BuildFailedException>(() => ReadAsync(Far, $"Acquire::http::Proxy \"http://user:wrong@{proxy.Uri.Authority}\";"));

        Assert.That(failure!.ToString(), Does.Contain("407").And.Not.Contain("wrong"));
        Assert.That(File.ReadAllText(_temp["log"]), Does.Not.Contain("wrong"));
    }

    [Test]
    public async Task I_trust_the_authority_that_apt_trusts_for_its_mirrors_and_no_other()
    {
        using var certificate = Certificate();
        using var mirror = new FaultyMirror(_archive.Root) { Certificate = certificate };
        var uri = new Uri($"https://localhost:{mirror.Uri.Port}");
        var authority = _temp.Write("authority.pem", certificate.ExportCertificatePem());

        await AssertReadAsync(uri, $"Acquire::https::CaInfo \"{authority}\";");

        Assert.That(() => ReadAsync(new Uri($"{uri}other"), "Acquire::https::Proxy \"DIRECT\";"), Throws.InstanceOf<BuildFailedException>().With.Message.Contains("certificate"));
    }

    [TestCase("file://")]
    [TestCase("copy:")]
    public async Task I_can_read_an_archive_on_this_machine(string scheme)
    {
        var uri = new Uri(scheme + _archive.Root);

        await AssertReadAsync(uri);

        File.Delete(_archive.Release);
        File.Delete(_archive.Release.Replace("InRelease", "Release", StringComparison.Ordinal));
        Assert.That(() => ReadAsync(uri), Throws.InstanceOf<BuildFailedException>().With.Message.Contains("has no suite 'trixie'"));
    }

    [Test]
    public async Task I_can_read_several_archives_at_once_into_a_store_that_is_new()
    {
        using var mirror = new FaultyMirror(_archive.Root);
        Uri[] uris = [mirror.Uri, new($"file://{_archive.Root}"), new($"copy:{_archive.Root}")];

        var state = await ArchiveState.ReadAsync([.. uris.Select(uri => new ArchiveSource(uri, _archive.Suite, ["main"], _archive.Keyring))], _context);

        Assert.That(state.Problem, Is.Null);
    }

    private async Task AssertReadAsync(Uri uri, params string[] settings)
        => Assert.That((await ReadAsync(uri, settings)).Content, Is.EqualTo(File.ReadAllBytes(_archive.Release)));

    private Task<ReleaseFile> ReadAsync(Uri uri, params string[] settings)
        => new ReleaseFileReader(AptConfig.Parse(settings), _context).ReadAsync(new ArchiveSource(uri, _archive.Suite, ["main"], _archive.Keyring));

    private static X509Certificate2 Certificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, pathLengthConstraint: 0, critical: true));
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }

    private string Program(string script)
    {
        var file = _temp.Write("find-proxy", $"#!/bin/sh\n{script}\n");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        return file;
    }
}
