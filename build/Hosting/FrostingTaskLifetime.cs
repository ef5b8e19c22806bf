using Cake.Core;

namespace Cake.Frosting;

/// <summary>Runs before each task.</summary>
public interface IFrostingTaskSetup
{
    /// <summary>Prepares a task.</summary>
    void Setup(ICakeContext context, ITaskSetupContext info);
}

/// <summary>Runs after each task, failed or not.</summary>
public interface IFrostingTaskTeardown
{
    /// <summary>Ends a task.</summary>
    void Teardown(ICakeContext context, ITaskTeardownContext info);
}

/// <summary>Runs before and after each task.</summary>
public interface IFrostingTaskLifetime : IFrostingTaskSetup, IFrostingTaskTeardown;

/// <inheritdoc cref="IFrostingTaskLifetime"/>
/// <typeparam name="TContext">The context that it works on.</typeparam>
public abstract class FrostingTaskLifetime<TContext> : IFrostingTaskLifetime
    where TContext : ICakeContext
{
    /// <inheritdoc cref="IFrostingTaskSetup.Setup"/>
    public abstract void Setup(TContext context, ITaskSetupContext info);

    /// <inheritdoc cref="IFrostingTaskTeardown.Teardown"/>
    public abstract void Teardown(TContext context, ITaskTeardownContext info);

    void IFrostingTaskSetup.Setup(ICakeContext context, ITaskSetupContext info) => Setup((TContext)context, info);

    void IFrostingTaskTeardown.Teardown(ICakeContext context, ITaskTeardownContext info) => Teardown((TContext)context, info);
}
