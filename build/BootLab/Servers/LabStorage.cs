using System.Collections.Immutable;
using Dom0Image.Boot;
using Dom0Image.BootLab.Network;
using Dom0Image.Diagnostics;
using Dom0Image.Generations;
using Dom0Image.Processes;
using Dom0Image.Recipes;
using Dom0Image.Storage;
using Dom0Image.Store;

namespace Dom0Image.BootLab.Servers;

/// <summary>
/// The file systems that a lab exports: images of their own, made by the code that makes a boot server's, and mounted where
/// this machine does not see them, in a mount namespace that ends with us. Each scenario's servers get them in turn.
/// </summary>
internal sealed class LabStorage : IAsyncDisposable
{
    // Takes as much of this machine's disk as is written, and generations of any size fit.
    private static readonly ImageFileVolume Kind = new(16L << 30, Sparse: true);

    private readonly LabNamespace _holder;
    private readonly string _directory;
    private readonly ImmutableArray<ExportVolume> _volumes;
    private readonly StageContext _context;

    private LabStorage(LabNamespace holder, string directory, ImmutableArray<ExportVolume> volumes, StageContext context)
    {
        _holder = holder;
        _directory = directory;
        _volumes = volumes;
        _context = context;
    }

    /// <summary>What stands for <see cref="Places.Generations"/>, as this process reaches it.</summary>
    public string Generations => Reached(Places.Generations);

    /// <summary>What stands for <see cref="Places.DomUImages"/>, as this process reaches it; not there when the site exports none.</summary>
    public string Images => Reached(Places.DomUImages);

    /// <summary>Makes and mounts them.</summary>
    /// <param name="directory">Holds the images; is made here.</param>
    /// <param name="site">Says what is exported.</param>
    /// <param name="context">Tools.</param>
    /// <exception cref="BuildFailedException">There are no loop devices, no room, or a tool failed.</exception>
    public static async Task<LabStorage> MakeAsync(string directory, Site site, StageContext context)
    {
        Directory.CreateDirectory(directory);
        var holder = await LabNamespace.HoldMountsAsync(context.Tools, context.Cancellation).ConfigureAwait(false);
        var storage = new LabStorage(holder, directory, [.. ExportVolumes.Of(site).Select(v => v with { Settings = Kind })], context);
        try
        {
            await storage.MountAsync().ConfigureAwait(false);
            return storage;
        }
        catch
        {
            await storage.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>A lab's namespaces, in which these file systems are mounted.</summary>
    internal Task<LabNamespace> EnterAsync(ToolRunner tools, CancellationToken cancellation) => LabNamespace.StartAsync(tools, cancellation, _holder);

    /// <summary>Puts them where a lab's servers export them, and checks that they are a border there.</summary>
    /// <exception cref="BuildFailedException">Something else could be reached through an export.</exception>
    internal async Task ServeAsync(LabNamespace inside, LabRoot root, CancellationToken cancellation)
    {
        foreach (var volume in _volumes)
        {
            var place = root.Directory + volume.Place;
            Directory.CreateDirectory(place);
            await inside.RunAsync(new ToolCommand("mount", "--move", MountedAt(volume.Place), place), cancellation).ConfigureAwait(false);
        }

        // Isolation is checked, not assumed: by what stands before every publication.
        var border = await BorderReading.ReadAsync(_volumes.Select(v => root.Directory + v.Place), _context, $"{inside.ProcessId}").ConfigureAwait(false);
        if (border.Check() is { IsEmpty: false } problems)
        {
            throw new BuildFailedException(problems);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _holder.DisposeAsync();

    private async Task MountAsync()
    {
        foreach (var volume in _volumes)
        {
            var image = Path.Combine(_directory, $"{volume.Name}.img");
            await VolumeImage.MakeAsync(image, Kind.Size, Kind.Sparse, _context).ConfigureAwait(false);
            Directory.CreateDirectory(MountedAt(volume.Place));
            await _holder.RunAsync(
                new ToolCommand("mount", "-t", VolumeUnits.TypeOf(volume)!, "-o", string.Join(',', VolumeUnits.MountOptions(volume)), image, MountedAt(volume.Place)),
                _context.Cancellation).ConfigureAwait(false);
        }
    }

    private string MountedAt(string place) => Path.Combine(_directory, "mounted", Path.GetFileName(place));

    private string Reached(string place) => $"/proc/{_holder.ProcessId}/root{MountedAt(place)}";
}
