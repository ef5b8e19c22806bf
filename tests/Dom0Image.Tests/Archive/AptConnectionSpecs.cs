using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Dom0Image.Archive;
using Dom0Image.Diagnostics;
using Dom0Image.Store;
using Dom0Image.Tests.BaseLayer;

namespace Dom0Image.Tests.Archive;

internal sealed class AptConnectionSpecs
{
    private static readonly Uri Far = new("http://far.example.org/debian");

    private TempDirectory _temp = null!;
    private StageContext _context = null!;
    private BaseLayerHelp.Told _told = null!;

    [SetUp]
    public void SetUp()
    {
        _temp = new TempDirectory();
        (_context, _told) = BaseLayerHelp.Context(_temp.Path);
    }

    [TearDown]
    public void TearDown() => _temp.Dispose();

    [TestCase("http://far.example.org/debian", ExpectedResult = "http://proxy.example.org:3142")]
    [TestCase("https://far.example.org/debian", ExpectedResult = "http://proxy.example.org:3142")]
    [TestCase("http://near.example.org/debian", ExpectedResult = "DIRECT")]
    public Task<string?> I_go_through_the_proxy_that_apt_goes_through(string uri)
        => Connection("Acquire::http::Proxy \"http://proxy.example.org:3142\";", "Acquire::http::Proxy::near.example.org \"DIRECT\";").ProxyForAsync(new Uri(uri));

    [TestCase("http://near.example.org", ExpectedResult = "DIRECT")]
    [TestCase("http://far.example.org", ExpectedResult = "http://found.example.org:3142/")]
    [TestCase("http://other.example.org", ExpectedResult = "http://general.example.org:3142")]
    public Task<string?> I_go_through_the_proxy_that_apts_own_program_finds(string uri) => Connection(
        $"Acquire::http::Proxy-Auto-Detect \"{Program("case $1 in http://far.example.org*) echo http://found.example.org:3142/ ;; esac")}\";",
        "Acquire::http::Proxy \"http://general.example.org:3142\";",
        "Acquire::http::Proxy::near.example.org \"DIRECT\";").ProxyForAsync(new Uri(uri));

    [Test]
    public async Task I_am_told_when_that_program_fails_and_the_other_settings_are_taken()
    {
        var proxy = await Connection($"Acquire::http::Proxy-Auto-Detect \"{Program("exit 3")}\";", "Acquire::http::Proxy \"http://general.example.org:3142\";").ProxyForAsync(Far);

        Assert.That(proxy, Is.EqualTo("http://general.example.org:3142"));
        Assert.That(_told.Warnings, Has.One.Contains("finds a proxy failed"));
    }

    [TestCase(null)]
    [TestCase("us er:pass@word")]
    public async Task I_can_read_the_archive_through_a_proxy(string? credentials)
    {
        using var archive = new SignedArchive(_temp);
        using var proxy = new FaultyMirror(archive.Root) { ProxyCredentials = credentials };
        var login = credentials is null ? "" : string.Join(':', credentials.Split(':').Select(Uri.EscapeDataString)) + "@";
        var config = AptConfig.Parse([$"Acquire::http::Proxy \"http://{login}{proxy.Uri.Authority}\";"]);

        var release = await new ReleaseFileReader(config, _context).ReadAsync(new ArchiveSource(Far, archive.Suite, ["main"], archive.Keyring));

        Assert.That(release.Content, Is.EqualTo(File.ReadAllBytes(archive.Release)));
        Assert.That(proxy.Answers.Last(), Is.EqualTo("200 http://far.example.org/debian/dists/trixie/InRelease"));
    }

    [Test]
    public void I_am_told_of_a_proxy_that_refuses_me_without_its_password()
    {
        using var archive = new SignedArchive(_temp);
        using var proxy = new FaultyMirror(archive.Root) { ProxyCredentials = "user:right" };
        var config = AptConfig.Parse([$"Acquire::http::Proxy \"http://user:wrong@{proxy.Uri.Authority}\";"]);

        var failure = Assert.ThrowsAsync<BuildFailedException>(
            () => new ReleaseFileReader(config, _context).ReadAsync(new ArchiveSource(Far, archive.Suite, ["main"], archive.Keyring)));

        Assert.That(failure!.ToString(), Does.Contain("407").And.Not.Contain("wrong"));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task I_trust_the_authority_that_apt_trusts_for_its_mirrors_alone(bool trusted)
    {
        using var key = ECDsa.Create();
        using var authority = new CertificateRequest("CN=site", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        var file = _temp.Write("authority.pem", authority.ExportCertificatePem());
        string[] settings = trusted ? [$"Acquire::https::CaInfo \"{file}\";"] : [];

        using var handler = await Connection(settings).HandlerForAsync(new Uri("https://far.example.org"));
        using var chain = new X509Chain();
        chain.ChainPolicy = handler.SslOptions.CertificateChainPolicy ?? new X509ChainPolicy { RevocationMode = X509RevocationMode.NoCheck };

        Assert.That(chain.Build(authority), Is.EqualTo(trusted));
        Assert.That(AptConfig.Parse(settings).ForAnotherApt(), Is.EqualTo(settings));
    }

    private AptConnection Connection(params string[] settings) => new(AptConfig.Parse(settings), _context);

    private string Program(string script)
    {
        var file = _temp.Write("find-proxy", $"#!/bin/sh\n{script}\n");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        return file;
    }
}
