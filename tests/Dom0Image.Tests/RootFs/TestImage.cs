using System.Collections.Immutable;
using System.Net;
using Dom0Image.Posix;
using Dom0Image.Processes;
using Dom0Image.Recipes;
using Dom0Image.RootFs.Image;
using Dom0Image.Store;
using Mono.Unix.Native;

namespace Dom0Image.Tests.RootFs;

/// <summary>A small image in a temporary directory, with accounts and the directories that every image has.</summary>
internal sealed class TestImage : IDisposable
{
    public const string PasswordHash = "$6$salt$hashhashhashhashhash";

    private readonly TempDirectory _temp = new();

    public TestImage()
    {
        Root = Path.Combine(_temp.Path, "root");
        _temp.Make("root");
        Dir("/", 493);
        foreach (var path in new[] { "/etc", "/var", "/var/lib", "/var/log", "/usr", "/usr/lib", "/root" })
        {
            Dir(path, 493);
        }

        File("/etc/passwd", "root:x:0:0:root:/root:/bin/sh\ndaemon:x:1:1::/:/bin/false\nxend:x:107:109::/:/bin/false\n");
        File("/etc/group", "root:x:0:\ndaemon:x:1:\nadm:x:4:\nxend:x:109:\n");
        File("/etc/shadow", "root:*:19000:0:99999:7:::\ndaemon:*:19000:0:99999:7:::\n", Mode("0640"), 0, 42);
    }

    public string Root { get; }

    public static int Mode(string octal) => OctalMode.Parse(octal);

    public string Dir(string path, int mode, uint user = 0, uint group = 0)
    {
        if (Find(path) is null)
        {
            FileChange.MakeDirectory(Root + path, mode);
        }

        return Own(path, mode, user, group);
    }

    public string File(string path, string content, int mode = 420, uint user = 0, uint group = 0)
    {
        if (Find(path) is { } there)
        {
            FileChange.ReplaceContent(there, content);
        }
        else
        {
            FileChange.MakeFile(Root + path, System.Text.Encoding.UTF8.GetBytes(content), mode);
        }

        return Own(path, mode, user, group);
    }

    public string Link(string path, string target)
    {
        FileChange.MakeLink(Root + path, target);
        return Root + path;
    }

    public FileNode? Find(string path) => FileNode.Find(Root + path);

    public string Read(string imagePath) => System.IO.File.ReadAllText(ContainedPath.Resolve(Root, imagePath));

    public string TempPath(string name) => Path.Combine(_temp.Path, name);

    public void Dispose() => _temp.Dispose();

    public static FlashList List(params FlashEntry[] entries) => new(1 << 20, [.. entries]);

    public static FlashEntry Entry(string path, string mode = "0755", FlashStart start = FlashStart.Content, FlashKind kind = FlashKind.Directory, string owner = "root", string group = "root")
        => new(path, kind, Mode(mode), owner, group, start);

    public static Recipe RecipeWith(FlashList list, InitSystem init = InitSystem.Sysvinit, string suite = "trixie") => new()
    {
        Name = "small",
        File = "recipes/small.yaml",
        Suite = suite,
        Architecture = "amd64",
        Components = ["main"],
        Keyring = "keyring.gpg",
        Init = init,
        Flash = list,
        Kernels = [],
    };

    public static Site SiteWith(RootLogin? login = null) => new()
    {
        Name = "lab",
        File = "recipes/sites/lab.yaml",
        BootServer = IPAddress.Parse("192.0.2.5"),
        Subnets = [new Subnet(IPNetwork.Parse("192.0.2.0/24"), null, [IPAddress.Parse("192.0.2.53")], "lab.example.org", null)],
        Profiles = ImmutableArray<BootProfile>.Empty,
        RootLogin = login ?? new RootLogin(CryptHash.Parse(PasswordHash), [], EmptyPasswordAllowed: false),
    };

    public StageContext Context() => new(new BuildStore(TempPath("store")), new ToolRunner(), new Silent(), CancellationToken.None);

    private string Own(string path, int mode, uint user, uint group)
    {
        FileChange.SetOwner(Root + path, user, group);
        Assert.That(Syscall.chmod(Root + path, (FilePermissions)mode), Is.Zero);
        return Root + path;
    }

    private sealed class Silent : IStageProgress
    {
        public void Report(string activity, double? fraction = null)
        {
        }

        public void Note(string message)
        {
        }

        public void Warn(string message)
        {
        }
    }
}
