using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using Mono.Unix.Native;

namespace Dom0Image.Tests;

/// <summary>Does something as for a user whose new files nobody else may read, while other tests keep their own umask.</summary>
internal static class StrictUmask
{
    private const int OwnUmask = 0x200; // CLONE_FS

    public static void Run(Action work)
    {
        ExceptionDispatchInfo? failed = null;
        var thread = new Thread(() =>
        {
            try
            {
                Assert.That(unshare(OwnUmask), Is.Zero);
                Syscall.umask(FilePermissions.S_IRWXG | FilePermissions.S_IRWXO);
                work();
            }
            catch (Exception problem)
            {
                failed = ExceptionDispatchInfo.Capture(problem);
            }
        });
        thread.Start();
        thread.Join();
        failed?.Throw();
    }

    [DllImport("libc")]
    private static extern int unshare(int what);
}
