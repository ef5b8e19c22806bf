using System.Net;
using Dom0Image.Boot;
using Dom0Image.Boot.Nfs;
using Dom0Image.Boot.Servers;
using Dom0Image.BootLab.Network;
using Dom0Image.BootLab.Servers;
using Dom0Image.Generations;
using Dom0Image.Processes;
using Dom0Image.Recipes;
using Dom0Image.Store;
using Dom0Image.Tests.Store;

namespace Dom0Image.Tests.Border;

/// <summary>nfs-ganesha with a site's generated file, on a network with the site's addresses, and clients that ask it for anything.</summary>
internal sealed class BorderLab : IAsyncDisposable
{
    private readonly TempDirectory _temp;
    private readonly Site _site;
    private readonly LabNamespace _inside;
    private readonly LabStorage? _storage;
    private readonly List<LabServer> _servers = [];
    private readonly List<RawNfs> _clients = [];
    private LabRoot? _root;
    private LabServer? _ganesha;

    private BorderLab(TempDirectory temp, Site site, LabNamespace inside, LabStorage? storage)
    {
        _temp = temp;
        _site = site;
        _inside = inside;
        _storage = storage;
    }

    /// <summary>The machine's side: a directory of the file system that the lab works on.</summary>
    public string Host => _temp.Path;

    /// <summary>A place of the server, as this process reaches it.</summary>
    public string this[string place] => $"/proc/{_inside.ProcessId}/root{_root!.Directory}{place}";

    /// <summary>The process whose network it is.</summary>
    public int ProcessId => _inside.ProcessId;

    /// <summary>Starts one whose exports are made as a boot server's are.</summary>
    public static async Task<BorderLab> StartAsync(Site site, params string[] clients)
    {
        var temp = new TempDirectory();
        var storage = await LabStorage.MakeAsync(temp["storage"], site, Context(temp));
        var lab = new BorderLab(temp, site, await storage.EnterAsync(new ToolRunner(), default), storage);
        return await lab.OpenAsync(clients, root => storage.ServeAsync(lab._inside, root, default));
    }

    /// <summary>Starts one whose exports are laid by a script: <c>$1</c> an empty directory, <c>$2</c> the server's <c>/opt/ondemand</c>.</summary>
    public static async Task<BorderLab> StartSharedAsync(Site site, string script, params string[] clients)
    {
        var temp = new TempDirectory();
        var lab = new BorderLab(temp, site, await LabNamespace.StartAsync(new ToolRunner(), default), null);
        return await lab.OpenAsync(clients, root =>
        {
            Directory.CreateDirectory(root.Directory + Places.Images);
            return lab._inside.RunAsync(new ToolCommand("sh", "-euc", script, "sh", temp.Make("disk"), root.Directory + Places.Images), default);
        });
    }

    /// <summary>A client at an address.</summary>
    public RawNfs ClientAt(string address, bool privileged = true)
    {
        var client = new RawNfs(RawNfs.From(_inside.ProcessId, IPAddress.Parse(address), _site.BootServer, privileged));
        _clients.Add(client);
        return client;
    }

    /// <summary>Runs a command on the server.</summary>
    public Task<ToolResult> RunAsync(ToolCommand command) => _inside.RunAsync(command, default);

    /// <summary>Addresses at which a TCP port is open, as the kernel lists them.</summary>
    public IEnumerable<string> Listening(int port)
        => new[] { "tcp", "tcp6" }.SelectMany(table => File.ReadLines($"/proc/{_inside.ProcessId}/net/{table}").Skip(1))
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(fields => fields[3] == "0A" && fields[1].EndsWith($":{port:X4}", StringComparison.Ordinal))
            // IPv4 as the kernel writes it, also where it stands in an IPv6 socket's address
            .Select(fields => fields[1].Split(':')[0][^8..]);

    /// <summary>Stops the NFS server and starts it again: it has seen no handle yet.</summary>
    public async Task RestartAsync()
    {
        foreach (var client in _clients)
        {
            client.Disconnect();
        }

        if (_ganesha is not null)
        {
            await _ganesha.DisposeAsync();
        }

        _ganesha = await StartAsync(new Ganesha());
    }

    /// <summary>Gives the server the files of a changed site, and has it read them as 'systemctl reload nfs-ganesha' does.</summary>
    public async Task ReloadAsync(Site site)
    {
        Write(site);
        var before = Reloads();
        var process = int.Parse(File.ReadAllText(this["/run/ganesha/pid"]));
        await _inside.RunAsync(new ToolCommand("kill", "-HUP", $"{process}"), default);
        Assert.That(Reloads, Is.GreaterThan(before).After(200_000, 50), "it has read its file again");
        int Reloads() => _ganesha!.LastLines(int.MaxValue).Count(l => l.Contains("Reread exports complete"));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients)
        {
            client.Dispose();
        }

        foreach (var server in _servers.Append(_ganesha).OfType<LabServer>())
        {
            await server.DisposeAsync();
        }

        await _inside.DisposeAsync();
        if (_storage is not null)
        {
            await _storage.DisposeAsync();
        }

        _temp.Dispose();
    }

    private async Task<BorderLab> OpenAsync(string[] clients, Func<LabRoot, Task> lay)
    {
        try
        {
            Write(_site);
            await LabNetwork.CreateAsync(_inside, [(_site.BootServer, 24), .. clients.Select(c => (IPAddress.Parse(c), 24))], 0, default);
            _root = await LabRoot.CreateAsync(_inside, _temp["root"], [new LabMount(_temp["published/etc"], LabRoot.Configuration)], default);
            await lay(_root);
            _servers.Add(await StartAsync(new Portmapper()));
            await RestartAsync();
            return this;
        }
        catch
        {
            await DisposeAsync();
            throw;
        }
    }

    private Task<LabServer> StartAsync(IBootServer server)
    {
        var (command, port) = server.InLab(new LabGround(_root!.Directory, _temp["published/etc"], LabRoot.Configuration, [_site.BootServer], [])).Single();
        return LabServer.StartAsync(_inside, _root, command, port, _temp.Make("logs"), default);
    }

    private void Write(Site site) => new BootFilesWriter(BootFiles.Generate(site, null)).WriteServerFiles(_temp["published"]);

    private static StageContext Context(TempDirectory temp) => new(new BuildStore(temp["store"]), new ToolRunner(), new Recorder(), CancellationToken.None);
}
