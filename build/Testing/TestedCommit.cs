using Dom0Image.Processes;
using Dom0Image.Store;

namespace Dom0Image.Testing;

/// <summary>The commit that tests are run on.</summary>
internal static class TestedCommit
{
    /// <summary>As <c>git describe</c> tells it, with <c>-dirty</c> where changes lie over it.</summary>
    public static async Task<string> OfAsync(string repository, StageContext stage)
        => (await stage.RunAsync(new ToolCommand("git", "-C", repository, "describe", "--always", "--dirty")).ConfigureAwait(false)).Output.Trim();
}
