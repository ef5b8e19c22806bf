namespace Dom0Image.Boot;

/// <summary>One entry of a set of boot files.</summary>
internal abstract record BootFile;

/// <summary>A text file, mode 0644.</summary>
/// <param name="Content">Its whole text, with LF line ends.</param>
internal sealed record BootText(string Content) : BootFile;

/// <summary>A symbolic link.</summary>
/// <param name="Target">Relative target, inside the same set.</param>
internal sealed record BootLink(string Target) : BootFile;
