// A process of its own for tests that kill, trace or confine what the pipeline does:
//   dotnet Dom0Image.TestHost.dll SCENARIO ARGUMENT...
// Exit code 0: done; 1: a failure that a user would be told of, on standard error.
using Dom0Image.Diagnostics;
using Dom0Image.TestHost;

try
{
    await Scenarios.RunAsync(args[0], args[1..]);
    return 0;
}
catch (BuildFailedException failure)
{
    Console.Error.WriteLine(failure.Message);
    return 1;
}
