using Dom0Image.Processes;

namespace Dom0Image.Tests.ServerGuest;

internal sealed class PowerCutSpecs
{
    private const int Block = 4096;

    // 128 and SIGKILL.
    private const int Killed = 137;

    [TestCase(Unflushed.Dropped, "a-c--")]
    [TestCase(Unflushed.Kept, "-bcd-")]
    [TestCase(Unflushed.EveryOther, "a-cd-")]
    public async Task A_disk_holds_what_was_flushed_before_the_power_went_and_the_rest_as_it_happens(Unflushed unflushed, string blocks)
    {
        using var temp = new TempDirectory();
        var (disk, log) = await WrittenAsync(temp, "write -P 0x61 0 4k", "write -P 0x63 8k 4k", "flush", "discard 0 4k", "write -P 0x64 12k 4k", "write -P 0x62 4k 4k");

        PowerCut.Play(log, WriteLog.Read(log).Count(), unflushed, disk);

        Assert.That(Blocks(disk), Is.EqualTo(blocks));
    }

    [Test]
    public async Task I_can_cut_the_power_after_any_write()
    {
        using var temp = new TempDirectory();
        var (disk, log) = await WrittenAsync(temp, "write -P 0x61 0 4k", "flush", "write -P 0x62 4k 4k", "flush", "write -P 0x63 8k 4k");
        var seen = new List<string>();
        for (var entries = 0; entries <= WriteLog.Read(log).Count(); entries++)
        {
            File.WriteAllBytes(disk, new byte[5 * Block]);
            PowerCut.Play(log, entries, Unflushed.Dropped, disk);
            seen.Add(Blocks(disk));
        }

        Assert.That(seen, Is.EqualTo(new[] { "-----", "-----", "a----", "a----", "ab---", "ab---" }));
    }

    [Test]
    public void A_file_that_is_no_log_is_refused()
    {
        using var temp = new TempDirectory();
        File.WriteAllBytes(temp["log"], new byte[Block]);

        Assert.That(() => WriteLog.Read(temp["log"]).ToList(), Throws.TypeOf<InvalidDataException>());
    }

    // QEMU's own driver writes the log, and is killed as a guest's is.
    private static async Task<(string Disk, string Log)> WrittenAsync(TempDirectory temp, params string[] commands)
    {
        var (disk, written, log) = (temp["disk"], temp["written"], temp.Write("log"));
        File.WriteAllBytes(disk, new byte[5 * Block]);
        File.WriteAllBytes(written, new byte[5 * Block]);
        var options = $"driver=blklogwrites,file.driver=raw,file.discard=unmap,file.file.driver=file,file.file.filename={written},log.driver=file,log.filename={log},log-sector-size={WriteLog.SectorSize}";
        var command = new ToolCommand("qemu-io", "-t", "writeback", "--image-opts", options).With([.. commands.Append("sigraise 9").SelectMany(c => new[] { "-c", c })]);
        var killed = await new ToolRunner().RunAsync(command with { SuccessCodes = [Killed] });
        Assert.That(killed.ExitCode, Is.EqualTo(Killed));
        return (disk, log);
    }

    private static string Blocks(string disk)
    {
        var bytes = File.ReadAllBytes(disk);
        return string.Concat(bytes.Chunk(Block).Select(block => block.Distinct().Single() is var letter and not 0 ? (char)letter : '-'));
    }
}
