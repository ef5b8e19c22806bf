using Dom0Image.Boot;
namespace Dom0Image.Tests.Boot;
public sealed class TmpDump
{
    [Test]
    public async Task Dump()
    {
        using var w = new Workshop();
        foreach (var (n, s) in new[] { ("one", Sites.OneServer()), ("two", Sites.TwoServers()) })
        {
            var site = s with { Profiles = [Sites.Dom0 with { Serial = "0,115200" }, Sites.Plain with { Serial = "0,115200" }] };
            var set = Sites.Files(site);
            var wr = new BootFilesWriter(set);
            wr.WriteMenus($"/tmp/bootdump/{n}/tftpboot/menus/{set.MenuKey}");
            File.CreateSymbolicLink($"/tmp/bootdump/{n}/tftpboot/grub", $"menus/{set.MenuKey}");
            wr.WriteServerFiles($"/tmp/bootdump/{n}");
            BootFilesWriter.WriteGrubImages(await GrubImages.MakeAsync(w.Context, set.Serial), $"/tmp/bootdump/{n}/tftpboot");
        }
    }
}
