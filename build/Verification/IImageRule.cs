namespace Dom0Image.Verification;

/// <summary>A rule over the image's root as a whole. A new one is a new file and a line in <see cref="Rules"/>.</summary>
internal interface IImageRule
{
    /// <summary>What is wrong.</summary>
    IEnumerable<Finding> Check(CheckedImage image);
}
