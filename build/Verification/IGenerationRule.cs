namespace Dom0Image.Verification;

/// <summary>A rule over what the parts of a generation, and the menus that name it, promise each other. A new one is a new file and a line in <see cref="Rules"/>.</summary>
internal interface IGenerationRule
{
    /// <summary>What is wrong.</summary>
    IEnumerable<Finding> Check(CheckedGeneration generation);
}
