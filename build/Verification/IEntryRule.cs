using Dom0Image.Posix;

namespace Dom0Image.Verification;

/// <summary>A rule over each entry of the image by itself: all of them look in one pass. A new one is a new file and a line in <see cref="Rules"/>.</summary>
internal interface IEntryRule
{
    /// <summary>What is wrong with an entry.</summary>
    /// <param name="node">The entry; never what is mounted in the tree.</param>
    /// <param name="path">Its path in the image, absolute.</param>
    IEnumerable<Finding> Look(FileNode node, string path);
}
