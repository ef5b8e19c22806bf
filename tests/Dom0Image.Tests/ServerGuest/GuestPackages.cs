using Dom0Image.Archive;
using Dom0Image.Tests.BaseLayer;

namespace Dom0Image.Tests.ServerGuest;

/// <summary>Packages that an administrator adds to a server that runs.</summary>
internal static class GuestPackages
{
    /// <summary>Installs packages whose dependencies are there. Their own scripts do what they do on any server.</summary>
    /// <param name="guest">The server.</param>
    /// <param name="suite">What it runs.</param>
    /// <param name="packages">Names.</param>
    public static async Task InstallAsync(GuestMachine guest, string suite, params string[] packages)
    {
        var context = GuestLab.Context;
        var recipe = BaseLayerHelp.Recipe(suite);
        var fetcher = new PackageFetcher(await MirrorResolver.ResolveAsync(recipe, null, null, context), recipe.Architecture, context);
        foreach (var package in packages)
        {
            var deb = await fetcher.DownloadAsync(await fetcher.FindAsync(package), context.Progress);
            await guest.CopyInAsync(deb.Path, $"/root/{package}.deb");
            await guest.ScriptAsync($"DEBIAN_FRONTEND=noninteractive dpkg --install /root/{package}.deb");
        }
    }
}
