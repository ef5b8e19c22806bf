namespace Dom0Image.Tests.Pipeline;

/// <summary>What tests share that run the whole command on a small project, whose generation is published.</summary>
internal abstract class OnSmallProject
{
    private SmallProject? _project;
    private int _changes;

    /// <summary>The project.</summary>
    private protected SmallProject Project => _project!;

    [OneTimeSetUp]
    public async Task MakeProject()
    {
        _project = await SmallProject.MakeAsync();
        await Project.PublishAsync();
    }

    [OneTimeTearDown]
    public void Delete() => _project?.Dispose();

    /// <summary>Changes the project, so that the next run makes another generation; gives the one that is published.</summary>
    private protected string Change()
    {
        _changes++;
        Project.ChangeOverlay($"change {_changes}\n");
        Project.ChangeKernel($"change {_changes}");
        return Project.Booted();
    }
}
