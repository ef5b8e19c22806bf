using Dom0Image.Boot.Loaders;
using Dom0Image.BootLab.Clients;
using Dom0Image.BootLab.DomU;
using Dom0Image.BootLab.Servers;
using Dom0Image.Posix;
using Dom0Image.Processes;
using Dom0Image.RootFs.Image;
using Dom0Image.Store;

namespace Dom0Image.BootLab;

/// <summary>
/// A generation as labs serve it, each scenario's on a network of its own, side by side if they like: the one way to a lab for boot test,
/// write audit and benchmarks. Disposing it deletes all that its labs worked on.
/// </summary>
/// <remarks>
/// Its root is a copy that differs from the original in one file, <c>/etc/shadow</c>: the lab knows root's password there. A copy
/// and not a mount over that file, because nfs-ganesha finds files by handles, which lead past such mounts; and no overlay, whose
/// directories' handles it cannot open.
/// </remarks>
internal sealed class LabImage : IAsyncDisposable
{
    private readonly LabSubject _subject;
    private readonly string _work;
    private readonly GrubImages _loaders;
    private readonly StageContext _context;

    private LabImage(LabSubject subject, string work, LabStorage storage, GrubImages loaders, Acceleration acceleration, StageContext context)
    {
        _subject = subject;
        _work = work;
        _loaders = loaders;
        _context = context;
        Storage = storage;
        Acceleration = acceleration;
    }

    /// <summary>How clients are run on this machine.</summary>
    public Acceleration Acceleration { get; }

    /// <summary>The copy's root, which may be changed until the first lab is brought up.</summary>
    public string Root => Path.Combine(Storage.Generations, _subject.Generation.Id, "root");

    /// <summary>What labs export.</summary>
    internal LabStorage Storage { get; }

    /// <summary>Copies a generation.</summary>
    /// <param name="subject">The generation, and its site.</param>
    /// <param name="purpose">What it is for, such as <c>boot-test</c>.</param>
    /// <param name="context">Tools and store.</param>
    /// <exception cref="Diagnostics.BuildFailedException">No lab can run here: a tool is missing, or there are no loop devices.</exception>
    public static async Task<LabImage> MakeAsync(LabSubject subject, string purpose, StageContext context)
    {
        var acceleration = await AccelerationProbe.FindAsync(context.Tools, context.Cancellation).ConfigureAwait(false);
        var loaders = await GrubImages.MakeAsync(context, LabSite.SerialLine).ConfigureAwait(false);
        var work = Path.Combine(context.Store.Work, $"{purpose}-{Guid.NewGuid():N}");
        Directory.CreateDirectory(work);
        LabImage? image = null;
        try
        {
            image = new LabImage(subject, work, await LabStorage.MakeAsync(Path.Combine(work, "storage"), subject.Site, context).ConfigureAwait(false), loaders, acceleration, context);
            await image.CopyAsync().ConfigureAwait(false);
            return image;
        }
        catch
        {
            if (image is not null)
            {
                await image.DisposeAsync().ConfigureAwait(false);
            }

            SafeDelete.Tree(work);
            throw;
        }
    }

    /// <summary>Brings a lab up for a scenario.</summary>
    /// <param name="scenario">How its clients will boot.</param>
    /// <param name="logs">Directory that keeps the logs of servers and clients, also of a lab that does not come up.</param>
    /// <param name="changes">Done to it before its servers start.</param>
    /// <param name="cancellation">Ctrl-C.</param>
    /// <exception cref="Diagnostics.BuildFailedException">A server does not start, or its exports are no border.</exception>
    public async Task<ScenarioLab> BringUpAsync(BootScenario scenario, string logs, LabChanges changes, CancellationToken cancellation)
    {
        var load = LoadAverage.OfLastMinute();
        var work = Directory.CreateDirectory(Path.Combine(_work, scenario.Name)).FullName;
        var context = _context with { Cancellation = cancellation };
        try
        {
            var site = changes.Site(LabSite.For(_subject.Site, scenario));
            var files = LabFiles.Write(work, site, _subject.Generation, _subject.Boot, _loaders);
            changes.Files(files);
            var guest = scenario.DomU ? await LabGuest.PlaceAsync(_subject.Generation, Storage.Images, context).ConfigureAwait(false) : null;
            var setup = changes.Setup(new LabSetup(work, files.Configuration, Storage, files.Mounts, site.Addresses, site.Hosts.Length));
            return new ScenarioLab(await Lab.StartAsync(setup, context.Tools, Acceleration, cancellation).ConfigureAwait(false), scenario, site, guest, logs)
            {
                Load = load,
                Slowness = _subject.Patience * scenario.Clients * LoadAverage.Slowness(load),
            };
        }
        catch
        {
            ScenarioLab.KeepLogs(Path.Combine(work, "logs"), logs);
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await Storage.DisposeAsync().ConfigureAwait(false);
        }
        finally
        {
            SafeDelete.Tree(_work);
        }
    }

    private async Task CopyAsync()
    {
        var copy = Directory.CreateDirectory(Path.GetDirectoryName(Root)!).FullName;
        await _context.RunAsync(new ToolCommand("cp", "-a", "--reflink=auto", "--", _subject.Generation.Root, copy)).ConfigureAwait(false);

        // Hard links to it, if any, keep what the image has.
        var shadow = FileNode.Get(ContainedPath.Resolve(Root, "/etc/shadow"));
        FileChange.ReplaceContent(shadow, LabLogin.Shadow(File.ReadLines(shadow.Path)));
    }
}
