using System.Diagnostics;
using Dom0Image.Edits.Capture;
using Dom0Image.Generations;
using Dom0Image.Posix;
using Dom0Image.Recipes;
using Dom0Image.Tests.BaseLayer;

namespace Dom0Image.Tests.Edits;

/// <summary>A small root, a real overlay over it that a shell's lines edit, and what is told from its upper directory.</summary>
internal sealed class EditBed : IDisposable
{
    private readonly TempDirectory _temp = new();

    public EditBed() => Lower("mkdir -p etc usr/bin var/lib/dpkg/info var/lib/apt root home tmp flash; : >etc/passwd");

    public string LowerRoot => _temp.Make("lower");

    public string Upper => _temp.Make("upper");

    /// <summary>Where clients write.</summary>
    public IReadOnlyList<FlashEntry> Flash { get; set; } = [];

    public InitSystem Init { get; set; } = InitSystem.Sysvinit;

    /// <summary>Makes the generation by a shell's lines in its root.</summary>
    public void Lower(string script) => Sh(LowerRoot, script);

    /// <summary>Edits by a shell's lines in the overlay's root; what is there lasts, and another call goes on.</summary>
    public void Edit(string script)
    {
        _temp.Make("work");
        var merged = _temp.Make("merged");
        _ = Upper;
        Sh(_temp.Path, $"mount -t overlay overlay -o lowerdir=lower,upperdir=upper,workdir=work,metacopy=off,index=off,xino=off,redirect_dir=off merged; cd '{merged}'; {script}");
        Assert.That(MountTable.Below(_temp.Path), Is.Empty);
    }

    /// <summary>What the upper directory says, as <c>+ path</c>, <c>- path</c> or <c>~ path</c>.</summary>
    public string[] Changes() => [.. new UpperTree(Upper, ManifestReader.Read(LowerRoot)).Changes().Select(change => $"{(change.Old is null ? '+' : change.New is null ? '-' : '~')} {change.Path}")];

    /// <summary>What is kept of it.</summary>
    public CapturedEdit Take(bool keepSecrets = false, Func<InstalledPackage, string?>? local = null)
        => new LayerCapture(Upper, LowerRoot, ManifestReader.Read(LowerRoot), BaseLayerHelp.Recipe("trixie") with { Flash = new FlashList(1 << 20, [.. Flash]), Init = Init }, ScriptTimes.None).Take(local ?? (_ => null), keepSecrets);

    public void Dispose() => _temp.Dispose();

    private static void Sh(string directory, string script)
    {
        using var shell = Process.Start(new ProcessStartInfo("unshare", ["--mount", "--propagation", "private", "--", "sh", "-euc", $"umask 022; cd '{directory}'; {script}"]) { RedirectStandardError = true })!;
        var errors = shell.StandardError.ReadToEnd();
        shell.WaitForExit();
        Assert.That(shell.ExitCode, Is.Zero, errors);
    }
}
