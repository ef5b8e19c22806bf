using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Dom0Image.Tests.BaseLayer;

/// <summary>A tiny Debian archive in a directory, with one essential package, signed by a key of its own.</summary>
internal sealed class SignedArchive : IDisposable
{
    private readonly string _home;

    public SignedArchive(TempDirectory temp, string suite = "trixie", int payload = 100_000)
    {
        Suite = suite;
        Root = temp.Make("archive");
        Keyring = temp["archive-key.gpg"];
        _home = temp.Make("gnupg");
        File.SetUnixFileMode(_home, (UnixFileMode)0b111_000_000);
        Gpg("--quick-gen-key", "archive@example.org", "ed25519", "sign", "never");
        Gpg("--output", Keyring, "--export", "archive@example.org");
        File.WriteAllBytes(temp.Write("sample/usr/share/sample"), RandomNumberGenerator.GetBytes(payload));
        Add("sample", "1", temp["sample"], "Essential: yes\nPriority: required\n");
    }

    public string Suite { get; }

    public string Root { get; }

    public string Keyring { get; }

    public string Package => Path.Combine(Root, "pool", "sample_1_amd64.deb");

    public string Release => Path.Combine(Root, "dists", Suite, "InRelease");

    /// <summary>Puts the signature into a file of its own, as archives of old suites have it.</summary>
    public void Detach()
    {
        var plain = Path.Combine(Root, "dists", Suite, "Release");
        File.SetLastWriteTimeUtc(plain, File.GetLastWriteTimeUtc(Release));
        File.Delete(Release);
        File.Delete(plain + ".gpg");
        Gpg("--detach-sign", "--output", plain + ".gpg", plain);
    }

    /// <summary>Signs the release file anew, as a mirror does when something in it has changed.</summary>
    public void Sign(DateTime date, string? suite = null, DateTime? validUntil = null)
    {
        var directory = Path.Combine(Root, "dists", Suite);
        var index = File.ReadAllBytes(Path.Combine(directory, "main/binary-amd64/Packages"));
        var release = $"""
            Origin: Sample
            Suite: {suite ?? Suite}
            Codename: {suite ?? Suite}
            Date: {Time(date)}{(validUntil is { } end ? $"\nValid-Until: {Time(end)}" : "")}
            Architectures: amd64
            Components: main
            SHA256:
             {Convert.ToHexStringLower(SHA256.HashData(index))} {index.Length} main/binary-amd64/Packages

            """;
        var plain = Path.Combine(directory, "Release");
        File.WriteAllText(plain, release);
        File.Delete(Release);
        Gpg("--clearsign", "--output", Release, plain);
        File.SetLastWriteTimeUtc(Release, date);
    }

    public void Dispose() => Run("gpgconf", "--homedir", _home, "--kill", "all");

    /// <summary>Makes a package of a tree and adds it; the archive is signed anew.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="version">Its version.</param>
    /// <param name="tree">Directory with its files.</param>
    /// <param name="fields">More fields of its control file, each with its line's end.</param>
    public void Add(string name, string version, string tree, string fields = "")
    {
        var control = $"Package: {name}\nVersion: {version}\nArchitecture: amd64\n{fields}Maintainer: A <a@example.org>\nDescription: {name}\n";
        Directory.CreateDirectory(Path.Combine(tree, "DEBIAN"));
        File.WriteAllText(Path.Combine(tree, "DEBIAN", "control"), control);
        var file = $"pool/{name}_{version}_amd64.deb";
        Directory.CreateDirectory(Path.Combine(Root, "pool"));
        Run("dpkg-deb", "--build", "--root-owner-group", "-Znone", tree, Path.Combine(Root, file));
        var content = File.ReadAllBytes(Path.Combine(Root, file));
        var index = Path.Combine(Root, "dists", Suite, "main/binary-amd64");
        Directory.CreateDirectory(index);
        File.AppendAllText(
            Path.Combine(index, "Packages"),
            $"{control}Filename: {file}\nSize: {content.Length}\nSHA256: {Convert.ToHexStringLower(SHA256.HashData(content))}\n\n");
        Sign(DateTime.UtcNow);
    }

    private static string Time(DateTime date) => date.ToString("ddd, dd MMM yyyy HH:mm:ss", CultureInfo.InvariantCulture) + " UTC";

    private void Gpg(params string[] arguments) => Run("gpg", ["--homedir", _home, "--batch", "--quiet", "--passphrase", "", .. arguments]);

    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        var errors = new StringBuilder();
        process.ErrorDataReceived += (_, line) => errors.AppendLine(line.Data);
        process.BeginErrorReadLine();
        _ = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.That(process.ExitCode, Is.Zero, $"{program}: {errors}");
    }
}
