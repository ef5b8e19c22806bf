using System.Collections.Immutable;

namespace Dom0Image.Auditing;

/// <summary>A path outside the flash list that a client wrote to.</summary>
/// <param name="Path">Path in the image.</param>
/// <param name="Change">What became of it.</param>
/// <param name="Processes">Command lines of who wrote, where it could be told.</param>
internal sealed record AuditedWrite(string Path, AuditedChange Change, ImmutableArray<string> Processes)
{
    /// <summary>What became of it, in words.</summary>
    public string What => Change switch
    {
        AuditedChange.DirectoryMade => "directory made",
        AuditedChange.DirectoryChanged => "directory's mode or owner changed",
        AuditedChange.DirectoryTouched => "something was made in the directory, and is gone again, or its time was changed",
        AuditedChange.FileMade => "file made",
        AuditedChange.FileWritten => "file written",
        AuditedChange.FileGone => "file made, and gone again",
        AuditedChange.LinkMade => "link made",
        AuditedChange.LinkReplaced => "link replaced",
        AuditedChange.Deleted => "deleted",
        _ => "special file made",
    };
}

/// <summary>What became of a path.</summary>
internal enum AuditedChange
{
    /// <summary>A directory that the image has not.</summary>
    DirectoryMade,

    /// <summary>Mode or owner of a directory of the image.</summary>
    DirectoryChanged,

    /// <summary>A directory of the image in which nothing is known to have changed.</summary>
    DirectoryTouched,

    /// <summary>A file that the image has not.</summary>
    FileMade,

    /// <summary>A file of the image.</summary>
    FileWritten,

    /// <summary>A file that was there for a while.</summary>
    FileGone,

    /// <summary>A link that the image has not.</summary>
    LinkMade,

    /// <summary>A link at the place of something of the image.</summary>
    LinkReplaced,

    /// <summary>Something of the image.</summary>
    Deleted,

    /// <summary>A pipe, a socket or a device.</summary>
    SpecialMade,
}
