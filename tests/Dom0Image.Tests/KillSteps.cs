namespace Dom0Image.Tests;

/// <summary>The system calls that change a file system, one by one, that a scenario makes on its first thread; each can be made its last.</summary>
internal static class KillSteps
{
    private const string Changes = "rename,renameat2,symlink,link,mkdir,rmdir,unlink,chmod,fchmod,ftruncate,fsync,syncfs,copy_file_range,pwrite64";

    /// <summary>Runs a scenario to its end and notes its calls, in their order: name, and how many of that name there were with it.</summary>
    public static IReadOnlyList<(string Call, int Nth)> Record(params string[] scenario)
    {
        using var temp = new TempDirectory();
        var run = HostProcess.Run(["strace", "-f", "-qq", "-o", temp["calls"], "-e", $"trace={Changes}", "--"], scenario);
        Assert.That(run.ExitCode, Is.Zero, run.Errors);
        var lines = File.ReadLines(temp["calls"]).Select(line => line.Split([' ', '('], 3, StringSplitOptions.RemoveEmptyEntries)).ToList();
        var count = new Dictionary<string, int>();
        var steps = new List<(string, int)>();
        foreach (var call in lines.Where(line => line[0] == lines[0][0] && Changes.Split(',').Contains(line[1])).Select(line => line[1]))
        {
            count[call] = count.GetValueOrDefault(call) + 1;
            steps.Add((call, count[call]));
        }

        return steps;
    }

    /// <summary>Runs the scenario, with other arguments, and kills it with kill -9 at one step.</summary>
    public static void Kill((string Call, int Nth) step, params string[] scenario)
    {
        var run = HostProcess.Run(["strace", "-f", "-qq", "-o", "/dev/null", "-e", $"trace={step.Call}", "-e", $"inject={step.Call}:signal=KILL:when={step.Nth}", "--"], scenario);
        Assert.That(run.ExitCode, Is.EqualTo(137), $"killed at {step}: {run.Errors}");
    }
}
