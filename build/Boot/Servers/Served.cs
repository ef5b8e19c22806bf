using Dom0Image.Boot.Loaders;
using Dom0Image.Recipes;

namespace Dom0Image.Boot.Servers;

/// <summary>What clients of a site should get.</summary>
/// <param name="Site">The site.</param>
/// <param name="Generation">Id of the generation that its hosts boot.</param>
/// <param name="Set">Its menus and server files.</param>
/// <param name="Loaders">The network loaders.</param>
internal sealed record Served(Site Site, string Generation, BootFileSet Set, GrubImages Loaders);
