using Dom0Image.Store;

namespace Dom0Image.Reporting;

/// <summary>Shows what the stages that run now are doing. Several may run at once.</summary>
internal interface IProgressBoard
{
    /// <summary>A stage starts; the result takes its reports.</summary>
    /// <param name="stage">The stage's name.</param>
    IStageProgress Start(string stage);

    /// <summary>A stage ended.</summary>
    /// <param name="stage">What <see cref="Start"/> gave for it.</param>
    /// <param name="record">How.</param>
    void End(IStageProgress stage, StageRecord record);

    /// <summary>A stage was left out.</summary>
    /// <param name="record">Which, and why.</param>
    void Skip(StageRecord record);
}
