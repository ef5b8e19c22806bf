using Dom0Image.Archive;
using Dom0Image.Diagnostics;
using Dom0Image.Processes;
using Dom0Image.Store;
using Dom0Image.Tests.BaseLayer;

namespace Dom0Image.Tests.Archive;

/// <summary>Release files with real signatures by keys of all kinds, made by GnuPG.</summary>
internal sealed class ArchiveSignatureSpecs
{
    private const string Then = "20200101T000000";

    private TempDirectory _temp = null!;
    private StageContext _context = null!;

    [SetUp]
    public void MakeHome()
    {
        _temp = new TempDirectory();
        (_context, _) = BaseLayerHelp.Context(_temp.Path);
        File.SetUnixFileMode(_temp.Make("gnupg"), (UnixFileMode)0b111_000_000);
        _temp.Write("Release", "Suite: trixie\n");
    }

    [TearDown]
    public async Task Delete()
    {
        await _context.RunAsync(new ToolCommand("gpgconf", "--homedir", _temp["gnupg"], "--kill", "all"));
        _temp.Dispose();
    }

    [Test]
    public async Task I_can_use_an_archive_that_is_signed_by_one_good_key_beside_others()
    {
        foreach (var name in new[] { "good", "unknown", "old" })
        {
            await MakeKeyAsync(name, ["--faked-system-time", Then], expires: name == "old" ? "1y" : "never");
        }

        await ExportAsync("good", "old");
        await SignAsync("--faked-system-time", Then, "--local-user", "good", "--local-user", "unknown", "--local-user", "old");

        await VerifyAsync();
    }

    [Test]
    public async Task I_am_told_of_a_key_that_expired_which_gpgv_takes_and_apt_does_not()
    {
        await MakeKeyAsync("old", ["--faked-system-time", Then], expires: "1y");
        await ExportAsync("old");
        await SignAsync("--faked-system-time", Then);
        await _context.RunAsync(new ToolCommand("gpgv", "--keyring", _temp["keyring.gpg"], _temp["InRelease"]));

        Assert.That(Problem(), Does.Match("^the signature of trixie at http://mirror/ is not good: its key [0-9A-F]{16} expired on 2020-12-31; expected a signature by a key in .*newer keyring"));
    }

    [Test]
    public async Task I_am_told_of_a_key_that_vouches_for_itself_by_SHA_1_which_gpgv_takes_and_sqv_does_not()
    {
        await MakeKeyAsync("weak", ["--cert-digest-algo", "SHA1"]);
        await ExportAsync("weak");
        await SignAsync();
        await _context.RunAsync(new ToolCommand("gpgv", "--keyring", _temp["keyring.gpg"], _temp["InRelease"]));

        Assert.That(Problem(), Does.Contain("vouches for itself by SHA-1"));
    }

    [Test]
    public async Task I_can_use_a_key_once_it_vouches_for_itself_anew()
    {
        await MakeKeyAsync("weak", ["--cert-digest-algo", "SHA1"]);
        await GpgAsync("--cert-digest-algo", "SHA512", "--quick-set-expire", await FingerprintAsync("weak"), "2y");
        await ExportAsync("weak");
        await SignAsync();

        await VerifyAsync();
    }

    [Test]
    public async Task I_am_told_of_a_subkey_that_is_bound_by_SHA_1()
    {
        await MakeKeyAsync("main");
        await GpgAsync("--allow-weak-key-signatures", "--cert-digest-algo", "SHA1", "--quick-add-key", await FingerprintAsync("main"), "rsa2048", "sign");
        await ExportAsync("main");
        await SignAsync();

        Assert.That(Problem(), Does.Contain("vouches for itself by SHA-1"));
    }

    [Test]
    public async Task I_am_told_of_a_signature_by_SHA_1()
    {
        await MakeKeyAsync("good");
        await ExportAsync("good");
        await SignAsync("--digest-algo", "SHA1");

        Assert.That(Problem(), Does.Contain("it is by SHA-1 or older"));
    }

    [Test]
    public async Task I_am_told_of_a_key_that_is_not_in_the_keyring_and_of_a_file_that_was_changed()
    {
        await MakeKeyAsync("good");
        await MakeKeyAsync("other");
        await ExportAsync("other");
        await SignAsync("--local-user", "good");
        Assert.That(Problem(), Does.Match("it is by the key [0-9A-F]{16}, which is not in the keyring"));

        await ExportAsync("good");
        File.WriteAllText(_temp["InRelease"], File.ReadAllText(_temp["InRelease"]).Replace("trixie", "sid"));
        Assert.That(Problem(), Does.Contain("it is not of this file"));
        File.WriteAllText(_temp["InRelease"], "Suite: trixie\n");
        Assert.That(Problem(), Does.Contain("there is none that can be read"));
    }

    private Task<ToolResult> MakeKeyAsync(string name, string[]? under = null, string expires = "never")
        => GpgAsync([.. under ?? [], "--quick-gen-key", $"{name}@example.org", "rsa2048", "sign,cert", expires]);

    private async Task<string> FingerprintAsync(string name)
        => (await GpgAsync("--with-colons", "--list-keys", $"{name}@example.org")).Lines.First(line => line.StartsWith("fpr:", StringComparison.Ordinal)).Split(':')[9];

    private async Task ExportAsync(params string[] names)
    {
        File.Delete(_temp["keyring.gpg"]);
        await GpgAsync(["--output", _temp["keyring.gpg"], "--export", .. names.Select(name => $"{name}@example.org")]);
    }

    private async Task SignAsync(params string[] options)
    {
        File.Delete(_temp["InRelease"]);
        await GpgAsync([.. options, "--clearsign", "--output", _temp["InRelease"], _temp["Release"]]);
    }

    private Task<ToolResult> GpgAsync(params string[] arguments)
        => _context.RunAsync(new ToolCommand("gpg", (string[])["--homedir", _temp["gnupg"], "--batch", "--yes", "--quiet", "--passphrase", "", "--trust-model", "always", .. arguments]));

    private Task VerifyAsync()
        => new ArchiveSignature(new ArchiveSource(new Uri("http://mirror"), "trixie", ["main"], _temp["keyring.gpg"]), _context).VerifyAsync(_temp["InRelease"]);

    private string Problem() => Assert.ThrowsAsync<BuildFailedException>(VerifyAsync)!.Message;
}
