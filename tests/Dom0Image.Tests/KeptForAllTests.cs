using Dom0Image.Tests.BootLab;
using Dom0Image.Tests.ServerGuest;

namespace Dom0Image.Tests;

/// <summary>
/// Deletes what takes minutes to make and is made once for all tests. When the last test of all is over: this one's namespace holds
/// every other, and a generation that was built for the boot tests is what a fresh server is brought, too.
/// </summary>
[SetUpFixture]
internal sealed class KeptForAllTests
{
    [OneTimeTearDown]
    public void Delete()
    {
        GuestLab.DeleteKept();
        BuiltGeneration.Delete();
    }
}
