using System.Collections.Immutable;
using Dom0Image.Diagnostics;
using Dom0Image.Posix;

namespace Dom0Image.Generations;

/// <summary>
/// Makes a generation the one that hosts boot. A reader sees the old one or the new one whole at any moment, and so does
/// whoever looks after a kill or a power cut, because:
/// <list type="number">
/// <item>A finished generation and a set of menus are never edited, and stand under names of their own before anything
/// points at them.</item>
/// <item>A menu names everything by generation: kernel, hypervisor and <c>nfsroot=</c>. What a client boots is decided by the
/// one menu that it reads; what follows goes through no link that changes.</item>
/// <item>Server files and boot loaders hold for old and new menus alike, and each is replaced by one rename(2). They go
/// first, so that what new menus need is served before a menu asks for it.</item>
/// <item>The journal of publications is written out before the first link is swapped, and says too much at the worst: that a
/// generation was about to be published. What hosts boot is never read from it.</item>
/// <item>The links <c>/opt/ondemand/root</c>, <c>/tftpboot/kernels</c> and <c>/tftpboot/hypervisors</c> are for people and
/// for menus made by hand. Each is swapped by one rename(2), and no menu of ours goes through them.</item>
/// <item>The link <c>/tftpboot/grub</c> goes last, by one rename(2): before it every client gets the old generation, after it
/// the new one. When anything fails before, clients notice nothing, and the next run takes it up where it is.</item>
/// </list>
/// Every step is written out to the disk before the next one starts. To go back is to publish an older generation.
/// </summary>
/// <param name="places">Where to publish; its lock is held by the caller.</param>
internal sealed class Publication(Places places)
{
    /// <summary>Publishes; touches nothing when everything stands there already.</summary>
    /// <param name="request">What to publish.</param>
    /// <exception cref="BuildFailedException">
    /// The generation is not finished, something that is not ours stands in a place, or the disk is full. Clients still get
    /// what they got before.
    /// </exception>
    public PublicationResult Publish(PublicationRequest request)
    {
        try
        {
            return PublishChanges(request);
        }
        catch (IOException problem)
        {
            throw DiskSpace.Explain(problem, places.OnDisk(Places.Tftp)) ?? BrokenDisk.Explain(problem, places.OnDisk(Places.Generations), places.OnDisk(Places.DomUImages)) ?? new BuildFailedException(
                new Diagnostic($"cannot publish generation {request.Generation}: {problem.Message}") { Hint = "Hosts still boot what they booted before" },
                problem);
        }
    }

    private PublicationResult PublishChanges(PublicationRequest request)
    {
        if (!new GenerationAssembler(places).Exists(request.Generation))
        {
            throw new BuildFailedException(new Diagnostic($"there is no generation {request.Generation} below '{places.OnDisk(Places.Generations)}'"));
        }

        // Refuses when something that is not ours stands in a place; before the first change.
        var before = CurrentState.Read(places);
        var changed = ImmutableArray.CreateBuilder<string>();
        if (!Directory.Exists(places.OnDisk(Places.DomUImages)))
        {
            MakeDirectory(Places.DomUImages);
            changed.Add(Places.DomUImages);
        }

        if (!MenuDirectory.Stands(places, request.Menus))
        {
            MakeDirectory(Places.Menus);
            MenuDirectory.Place(places, request.Menus);
            changed.Add($"{Places.Menus}/{request.Menus.Key}");
        }

        changed.AddRange(request.WriteServerFiles?.Invoke() ?? []);
        if (before.Menus is { } replaced && replaced != request.Menus.Key)
        {
            MenuDirectory.NoteUse(places, replaced);
        }

        var links = Links(request).Where(link => new FileInfo(places.OnDisk(link.Place)).LinkTarget != link.Target).ToList();
        if (links.Count > 0)
        {
            PublicationJournal.Note(places, request.Generation, request.GoesBack);
        }

        foreach (var (place, target) in links)
        {
            Durable.SwapLink(places.OnDisk(place), target);
            changed.Add(place);
        }

        return new PublicationResult(changed.ToImmutable());
    }

    // Relative, so that they hold below a prefix and in a chroot; the menus last.
    private static ImmutableArray<(string Place, string Target)> Links(PublicationRequest request) =>
    [
        (Places.CurrentKernels, $"generations/{request.Generation}/kernels"),
        (Places.CurrentHypervisors, $"generations/{request.Generation}/hypervisors"),
        (Places.CurrentRoot, $"generations/{request.Generation}/root"),
        (Places.CurrentMenus, $"menus/{request.Menus.Key}"),
    ];

    private void MakeDirectory(string place)
    {
        var path = places.OnDisk(place);
        Directory.CreateDirectory(path);
        File.SetUnixFileMode(path, PublicModes.Directory);
        Durable.SyncDirectory(Path.GetDirectoryName(path)!);
    }
}
