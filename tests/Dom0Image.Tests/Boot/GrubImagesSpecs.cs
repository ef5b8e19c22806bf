using Dom0Image.Boot.Loaders;
using Dom0Image.Recipes;

namespace Dom0Image.Tests.Boot;

internal sealed class GrubImagesSpecs
{
    [Test]
    public async Task I_get_loaders_for_both_kinds_of_firmware_and_the_second_time_from_the_store()
    {
        using var workshop = new Workshop();

        var made = await GrubImages.MakeAsync(workshop.Context);
        var again = await GrubImages.MakeAsync(workshop.Context);
        var other = await GrubImages.MakeAsync(workshop.Context, new SerialLine(0, 115200));

        // Low memory holds no larger PXE image; an EFI program starts with MZ.
        Assert.That(made.Read(GrubBios.Loader).Length, Is.InRange(60_000, 480_000));
        Assert.That(made.Read(GrubEfi.Loader).Take(2), Is.EqualTo("MZ"u8.ToArray()));
        Assert.That(Directory.GetFiles(made.Output.Directory, "*", SearchOption.AllDirectories), Has.Length.EqualTo(NetworkLoaders.All.Length));
        Assert.That((made.Output.Cached, again.Output.Cached, other.Output.Cached), Is.EqualTo((false, true, false)));
    }
}
