using System.Text;
using Dom0Image.Edits.Capture;
using Dom0Image.Posix;
using Dom0Image.RootFs.Image;

namespace Dom0Image.Edits.Session;

/// <summary>
/// A thin layer between a generation and what a session writes: files that the session needs and nobody edited, so that none of them is
/// taken for an edit. Who changes one of them in the session has edited it.
/// </summary>
/// <param name="seed">Its directory.</param>
/// <param name="lower">The generation's root.</param>
internal sealed class SessionSeed(string seed, string lower)
{
    private const int Program = 0b111_101_101;
    private const int Plain = 0b110_100_100;

    private static readonly string[] MountPoints = ["/proc", "/sys", "/dev", "/run", "/tmp"];

    /// <summary>Makes it anew.</summary>
    /// <param name="aptSettings">apt's settings in the session.</param>
    /// <param name="archives">Archives on this machine's disk, which the session reads at the same paths.</param>
    public void Make(string aptSettings, IEnumerable<string> archives)
    {
        SafeDelete.Tree(seed);
        FileChange.MakeDirectory(seed, Program);
        CopyOwner("");
        foreach (var place in MountPoints.Concat(archives))
        {
            MakeDirectory(ContainedPath.ResolveInImage(lower, place));
        }

        // invoke-rc.d(8): services are neither started nor stopped here.
        MakeFile("/usr/sbin/policy-rc.d", "#!/bin/sh\nexit 101\n"u8, Program);
        MakeFile("/etc/dpkg/dpkg.cfg.d/zz-dom0image-session", Encoding.UTF8.GetBytes(ScriptTimes.DpkgSettings("/run/dom0image/times")), Plain);
        // It may name a proxy with a password.
        MakeFile("/etc/apt/apt.conf.d/zz-dom0image-session", Encoding.UTF8.GetBytes(aptSettings), (int)PrivateModes.File);
        if (File.Exists("/etc/resolv.conf"))
        {
            MakeFile("/etc/resolv.conf", File.ReadAllBytes("/etc/resolv.conf"), Plain);
        }
    }

    /// <summary>Where the session's own <c>/tmp</c> goes: in an image it is a link to where clients write.</summary>
    public string Temporary => ContainedPath.ResolveInImage(lower, "/tmp");

    private void MakeFile(string imagePath, ReadOnlySpan<byte> content, int mode)
    {
        var path = ContainedPath.ResolveInImage(lower, imagePath);
        MakeDirectory(ContainedPath.Parent(path));
        FileChange.MakeFile(seed + path, content, mode);
    }

    private void MakeDirectory(string path)
    {
        if (path.Length > 0 && FileNode.Find(seed + path) is null)
        {
            MakeDirectory(ContainedPath.Parent(path));
            FileChange.MakeDirectory(seed + path, Program);
            CopyOwner(path);
        }
    }

    // The upper one of two directories is the one whose mode holds.
    private void CopyOwner(string path)
    {
        if (FileNode.Find(lower + path) is { IsDirectory: true } there)
        {
            FileChange.SetOwner(seed + path, there.Uid, there.Gid);
            FileChange.SetMode(seed + path, there.Mode);
        }
    }
}
