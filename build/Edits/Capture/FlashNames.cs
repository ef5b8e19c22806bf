using Dom0Image.Recipes;
using Dom0Image.RootFs.Flash;

namespace Dom0Image.Edits.Capture;

/// <summary>Gives changes the names that they have before the move below <c>/flash</c>, and says which of them no client would see.</summary>
/// <param name="list">The flash list that the generation was made with.</param>
internal sealed class FlashNames(FlashList list)
{
    /// <summary>The name of a place, and why a change there cannot be kept; null where it can.</summary>
    /// <param name="place">In the image as it is served.</param>
    public (string Path, string? Why) Of(string place)
    {
        if (place == FlashPaths.Flash)
        {
            return (place, "it is made anew from the flash list");
        }

        if (FlashPaths.IsBelow(place, FlashPaths.Flash))
        {
            var path = place[FlashPaths.Flash.Length..];
            return FlashPaths.Covering(list, path) switch
            {
                { Start: FlashStart.Content } => (path, null),
                { } entry when entry.Path != path && entry.Start == FlashStart.Tree => (path, $"clients start with the directories of {entry.Path} alone, without their files"),
                { } entry => (path, $"clients start with an empty {entry.Path}"),
                // Such as /flash/var, which leads to entries.
                null => (path, list.Entries.Any(entry => FlashPaths.IsBelow(entry.Path, path)) ? "it is made anew from the flash list" : "clients cover it with their RAM"),
            };
        }

        // The link to where it moved, or what took its place.
        return FlashPaths.Covering(list, place) is { } moved && moved.Path == place && moved.Start != FlashStart.Content
            ? (place, $"clients start with an empty {place}, and its link to {FlashPaths.Moved(place)} is made anew")
            : (place, null);
    }

    /// <summary>Whether a place is one where an entry's link stands that leads to content.</summary>
    public bool IsLinkToContent(string place) => list.Entries.Any(entry => entry.Path == place && entry.Start == FlashStart.Content);
}
