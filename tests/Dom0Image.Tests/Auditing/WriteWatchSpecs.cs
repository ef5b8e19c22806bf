using Dom0Image.Auditing;
using Dom0Image.Processes;

namespace Dom0Image.Tests.Auditing;

/// <summary>The program that tells on an audited client who writes what, here on a file system of its own.</summary>
internal sealed class WriteWatchSpecs
{
    private const string Script =
        """
        mount -t tmpfs t "$1"
        cd "$1"
        cat >watch.py
        mkdir usr proc dev own old
        for link in bin lib lib64; do [ ! -e /$link ] || ln -s usr/$link $link; done
        mount --bind /usr usr
        mount --rbind /dev dev
        mount -t proc p proc
        pivot_root . old
        cd /
        umount --lazy /old
        python3 -B -S -E /watch.py /events &
        until [ -e events ]; do sleep 0.1; done
        sh -euc '
            echo >/plain
            exec 6>/deleted
            rm /deleted
            echo >&6
            unshare --mount sh -c "exec 5>/own/brief; rm /own/brief; echo >&5"
            mount --bind /own /own
            exec 7>/own/late 8>/own/gone
            rm /own/gone
            umount --lazy /own
            echo >&7
            echo >&8
            exec 6>&- 7>&- 8>&-
            echo >/last
            sleep 1'
        until grep -q last events; do sleep 0.1; done
        kill $!
        cut -f 1 events | sort -u
        """;

    [Test]
    public async Task I_get_a_name_that_leads_somewhere_or_one_that_says_that_it_does_not()
    {
        using var room = new TempDirectory();

        var seen = await new ToolRunner().RunAsync(
            IsolatedScript.Command(Script, room.Make("root")) with { StandardInput = AuditFiles.Script("watch.py") });

        Assert.That(seen.Lines, Is.EqualTo(new[] { "/deleted (deleted)", "/last", "/own/brief (deleted)", "/plain", "elsewhere:/gone (deleted)", "elsewhere:/late" }));
    }
}
