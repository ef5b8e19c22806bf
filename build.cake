// 'dotnet cake ARGUMENTS' is './build.sh ARGUMENTS': Cake is only the caller here, the pipeline in build/ runs Cake's
// engine itself. The arguments go over as they were typed, in their order, and the exit code comes back.
var typed = System.Environment.GetCommandLineArgs().Skip(1)
    .SkipWhile(argument => argument.EndsWith(".cake", StringComparison.OrdinalIgnoreCase));
var root = Context.Environment.WorkingDirectory.FullPath;
var start = new System.Diagnostics.ProcessStartInfo(System.IO.Path.Combine(root, "build.sh"))
{
    UseShellExecute = false,
    // Cake went to the script's directory; relative paths are meant from where the user is.
    WorkingDirectory = System.Environment.GetEnvironmentVariable("PWD") ?? root,
};
foreach (var argument in typed)
{
    start.ArgumentList.Add(argument);
}

// Ctrl-C reaches the pipeline too, which cleans up; wait for it.
Console.CancelKeyPress += (_, signal) => signal.Cancel = true;
var pipeline = System.Diagnostics.Process.Start(start);
pipeline.WaitForExit();
System.Environment.Exit(pipeline.ExitCode);
