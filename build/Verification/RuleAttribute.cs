namespace Dom0Image.Verification;

/// <summary>Names the rule that a kind of finding belongs to, as reports have it.</summary>
/// <param name="name">The rule's name.</param>
[AttributeUsage(AttributeTargets.Field)]
internal sealed class RuleAttribute(string name) : Attribute
{
    /// <summary>The rule's name.</summary>
    public string Name { get; } = name;
}
