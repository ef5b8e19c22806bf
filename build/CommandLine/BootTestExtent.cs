namespace Dom0Image.CommandLine;

/// <summary>How much of a generation is booted before it is published.</summary>
internal enum BootTestExtent
{
    /// <summary>Every way in which the site's hosts boot.</summary>
    Full,

    /// <summary>The one way that says most, for edits by day. It never counts for a full test.</summary>
    Quick,

    /// <summary>Nothing.</summary>
    None,
}
