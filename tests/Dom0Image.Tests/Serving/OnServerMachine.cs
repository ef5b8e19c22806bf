using Dom0Image.Boot;

namespace Dom0Image.Tests.Serving;

/// <summary>What tests share that have a server machine with a published generation; each finds the site's own files there.</summary>
internal abstract class OnServerMachine
{
    private ServerMachine? _machine;

    /// <summary>The machine.</summary>
    private protected ServerMachine Machine => _machine!;

    /// <summary>What is published there.</summary>
    private protected string Id { get; private set; } = "";

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _machine = await ServerMachine.StartAsync();
        Id = Machine.Publish();
    }

    [OneTimeTearDown]
    public async Task StopAsync() => await (_machine?.DisposeAsync() ?? default);

    [SetUp]
    public Task PutRightAsync() => Machine.PutRightAsync(Machine.Site(text => text));

    /// <summary>Writes what a person writes, with ours beside it as the next publication puts it.</summary>
    private protected void Write(string place, string content)
    {
        File.WriteAllText(Machine.Root + place, content);
        new BootFilesWriter(BootFiles.Generate(Machine.Site(text => text), null)).WriteServerFiles(Machine.Root);
    }
}
