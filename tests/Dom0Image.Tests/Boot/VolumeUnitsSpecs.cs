using Dom0Image.Boot;
using Dom0Image.Boot.Nfs;
using Dom0Image.Boot.Servers;
using Dom0Image.Generations;
using Dom0Image.Recipes;
using Dom0Image.Storage;

namespace Dom0Image.Tests.Boot;

internal sealed class VolumeUnitsSpecs
{
    [Test]
    public void I_get_each_export_mounted_before_servers_start_and_none_served_that_is_not()
    {
        var files = Sites.Files(Sites.OneServer()).ServerFiles;

        Assert.That(files[VolumeUnits.GenerationsMount].Content, Does.Contain("\nWhat=/var/lib/dom0image/storage/generations.img\nWhere=/opt/ondemand/generations\nType=xfs\nOptions=loop,nosuid,nofail\n")
            .And.Contain("\nRequiresMountsFor=/var/lib/dom0image/storage\n").And.Contain("\nBefore=nfs-ganesha.service nfs-server.service\n").And.Contain("\nWantedBy=multi-user.target\n"));
        Assert.That(files[VolumeUnits.ImagesMount].Content, Does.Contain("\nOptions=loop,nosuid,nodev,nofail\n"));
        Assert.That(files[Ganesha.Start].Content, Does.Contain("\nRequiresMountsFor=/opt/ondemand/generations /opt/ondemand/imgs\n")
            .And.Contain("\nExecStartPre=/usr/bin/mountpoint -q /opt/ondemand/generations\nExecStartPre=/usr/bin/mountpoint -q /opt/ondemand/imgs\n"));
        Assert.That(files[VolumeUnits.StorageRules].Content, Does.Contain("generations.img\", ATTR{queue/discard_max_bytes}=\"0\"").And.Contain("imgs.img\""));
    }

    [Test]
    public void I_get_devices_and_datasets_mounted_as_they_are_and_sparse_files_trimmed()
    {
        var site = Sites.OneServer() with { Storage = new ServedStorage(new DeviceVolume("/dev/vg0/generations"), new ImageFileVolume(1L << 30, Sparse: true)) };
        var files = Sites.Files(site).ServerFiles;

        Assert.That(files[VolumeUnits.GenerationsMount].Content, Does.Contain("\nWhat=/dev/vg0/generations\n").And.Contain("\nOptions=nosuid,nofail\n").And.Not.Contain("Type=").And.Not.Contain("/var/lib"));
        Assert.That(files[VolumeUnits.ImagesMount].Content, Does.Contain("\nOptions=loop,discard,nosuid,nodev,nofail\n"));
        Assert.That(files[VolumeUnits.StorageRules].Content, Does.Not.Contain("ATTR"));
        site = site with { Storage = site.Storage with { Generations = new DatasetVolume("tank/generations") }, Images = ImagesExport.None };
        files = Sites.Files(site).ServerFiles;
        Assert.That(files[VolumeUnits.GenerationsMount].Content, Does.Contain("\nWhat=tank/generations\n").And.Contain("\nType=zfs\n").And.Contain("\nAfter=zfs-import.target\n"));
        Assert.That(files.Keys, Has.No.Member(VolumeUnits.ImagesMount));
        Assert.That(files[Ganesha.Start].Content, Does.Not.Contain("imgs"));
    }

    [Test]
    public void I_get_none_where_I_accepted_a_shared_file_system()
        => Assert.That(ServerFiles.Of(Sites.OneServer() with { Storage = ServedStorage.Default with { SharedAcceptedFor = Sites.OneServer().BootServer } }).Where(made => made.File.OfMounts), Is.Empty);

    [Test]
    public async Task I_hear_that_a_tree_below_a_prefix_is_not_to_be_exported_as_it_lies()
    {
        using var workshop = new Workshop();

        Assert.That(await ExportGate.PassAsync(Sites.OneServer(), new Places("/srv/trial"), workshop.Context), Does.Contain("the tree below /srv/trial is not fit to be exported as it lies"));
    }
}
