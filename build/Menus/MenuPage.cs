using System.Collections.Immutable;
using System.Net;
using Dom0Image.Recipes;

namespace Dom0Image.Menus;

/// <summary>A menu, whatever language it is written in.</summary>
/// <param name="Site">Whose it is: how long it waits, and who may change it or choose what is protected.</param>
/// <param name="Serial">A line that it talks on beside the screen; null for none.</param>
/// <param name="Entries">What there is to choose.</param>
internal sealed record MenuPage(Site Site, SerialLine? Serial, ImmutableArray<MenuEntry> Entries)
{
    /// <summary>The server that files come from where an entry names none; null for the one that the menu came from.</summary>
    public IPAddress? Server { get; init; }

    /// <summary>Id of what is chosen when nobody does; null for the first.</summary>
    public string? Default { get; init; }
}

/// <summary>Something that a menu offers.</summary>
/// <param name="Title">Its title.</param>
/// <param name="Id">Its name, which no other entry has.</param>
/// <param name="Failure">What is said where it cannot be had, before it is tried again: nobody may be there to press a key.</param>
internal abstract record MenuEntry(string Title, string Id, string Failure)
{
    /// <summary>Whether it asks for the password.</summary>
    public bool IsProtected { get; init; }
}

/// <summary>Boots a system.</summary>
/// <param name="Title">Its title.</param>
/// <param name="Id">Its name.</param>
/// <param name="Failure">What is said where it cannot be had.</param>
/// <param name="Steps">What is loaded, one after the other; it is booted when all of it could be had.</param>
internal sealed record BootEntry(string Title, string Id, string Failure, ImmutableArray<MenuStep> Steps) : MenuEntry(Title, Id, Failure)
{
    /// <summary>What is said before; null for nothing.</summary>
    public string? Announcement { get; init; }
}

/// <summary>Goes on to a menu of another server.</summary>
/// <param name="Title">Its title.</param>
/// <param name="Id">Its name.</param>
/// <param name="Failure">What is said where it cannot be had.</param>
/// <param name="Server">The server.</param>
/// <param name="Menu">The menu's name there.</param>
internal sealed record NextMenuEntry(string Title, string Id, string Failure, IPAddress Server, string Menu) : MenuEntry(Title, Id, Failure);

/// <summary>A file that an entry loads.</summary>
/// <param name="Command">As what; <see cref="MenuCommand.Other"/> for an initrd.</param>
/// <param name="File">Its path at the server.</param>
/// <param name="Options">What it is told.</param>
internal sealed record MenuStep(MenuCommand Command, string File, ImmutableArray<string> Options)
{
    /// <summary>Another server than the menu's; null for that one.</summary>
    public IPAddress? Server { get; init; }

    /// <summary>An option, before the others, that is given the MAC of the card over which the menu came; null for none.</summary>
    public string? CardOption { get; init; }
}
