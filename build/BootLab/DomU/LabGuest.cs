using Dom0Image.Diagnostics;
using Dom0Image.Generations;
using Dom0Image.Store;
using Dom0Image.Xen.Guest;

namespace Dom0Image.BootLab.DomU;

/// <summary>Puts the example guest where a lab's clients look for domU images.</summary>
internal static class LabGuest
{
    /// <summary>Makes the guest that the generation comes with, and places it.</summary>
    /// <param name="generation">What is booted.</param>
    /// <param name="images">The images' directory, as this process reaches it.</param>
    /// <param name="context">Tools.</param>
    /// <exception cref="BuildFailedException">No kernel of the generation can run as a guest.</exception>
    public static async Task<ExampleGuest> PlaceAsync(GenerationTree generation, string images, StageContext context)
    {
        var kernel = ExampleGuest.KernelOf(generation) ?? throw new BuildFailedException(
            new Diagnostic($"no kernel of generation {generation.Id} can run as a guest") { Hint = "Add the fragment 'domu' to a flavour of the recipe" });
        var guest = await ExampleGuest.MakeAsync(kernel, context).ConfigureAwait(false);
        guest.PlaceIn(images);
        return guest;
    }
}
