using Dom0Image.BaseLayer;
using Dom0Image.Diagnostics;
using Dom0Image.Processes;
using Dom0Image.Store;
using Mono.Unix.Native;

namespace Dom0Image.Tests.BaseLayer;

internal sealed class BaseLayerSpecs
{
    [Test]
    public async Task I_get_owners_modes_hard_links_capabilities_and_devices_back_from_the_store()
    {
        using var temp = new TempDirectory();
        var (context, _) = BaseLayerHelp.Context(temp.Path);
        var tree = temp.Make("tree");
        var tool = temp.Write("tree/tool", "#!/bin/sh\n");
        byte[] capability = [1, 0, 0, 2, 0, 32, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        Assert.That(Syscall.chown(tool, 12, 34), Is.Zero);
        Assert.That(Syscall.chmod(tool, (FilePermissions)0b110_111_101_000), Is.Zero);
        Assert.That(Syscall.lsetxattr(tool, "security.capability", capability), Is.Zero);
        Assert.That(Syscall.link(tool, Path.Combine(tree, "twin")), Is.Zero);
        Assert.That(Syscall.mknod(Path.Combine(tree, "null"), FilePermissions.S_IFCHR | FilePermissions.DEFFILEMODE, 0x103ul), Is.Zero);
        var layer = await LayerOf(tree, temp, context);

        await layer.UnpackAsync(temp["root"], context);

        Assert.That(Syscall.lstat(temp["root/tool"], out var status), Is.Zero);
        Assert.That(Syscall.lstat(temp["root/null"], out var device), Is.Zero);
        var read = Syscall.lgetxattr(temp["root/tool"], "security.capability", out var stored);
        Assert.Multiple(() =>
        {
            Assert.That((status.st_uid, status.st_gid, status.st_nlink), Is.EqualTo((12u, 34u, 2ul)));
            Assert.That((int)status.st_mode & 0b111_111_111_111, Is.EqualTo(0b110_111_101_000));
            Assert.That(read, Is.EqualTo(capability.Length));
            Assert.That(stored, Is.EqualTo(capability));
            Assert.That(device.st_rdev, Is.EqualTo(0x103ul));
        });
    }

    [Test]
    public async Task A_base_layer_is_not_unpacked_over_anything()
    {
        using var temp = new TempDirectory();
        var (context, _) = BaseLayerHelp.Context(temp.Path);
        temp.Write("tree/file");
        var layer = await LayerOf(temp["tree"], temp, context);
        temp.Write("root/mine");

        var problem = Assert.ThrowsAsync<BuildFailedException>(() => layer.UnpackAsync(temp["root"], context))!;

        Assert.That(problem.Message, Does.Contain("is not empty"));
    }

    private static async Task<BaseLayerArchive> LayerOf(string tree, TempDirectory temp, StageContext context)
    {
        var directory = temp.Make("layer");
        await context.RunAsync(new ToolCommand(
            "tar", "--create", "--file", Path.Combine(directory, "rootfs.tar.zst"), "--zstd", "--xattrs", "--format=pax", "--numeric-owner", "--directory", tree, "."));
        return new BaseLayerArchive(new StageOutput(StageKey.For("sample", 1).Build(), directory, Cached: false));
    }
}
