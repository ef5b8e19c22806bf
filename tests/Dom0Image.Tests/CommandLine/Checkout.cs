using Dom0Image.CommandLine;

namespace Dom0Image.Tests.CommandLine;

/// <summary>The checkout that the tests were built in.</summary>
internal static class Checkout
{
    public static string Root => RepositoryRoot.Find();
}
