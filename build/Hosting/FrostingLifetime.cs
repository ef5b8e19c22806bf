using Cake.Core;

namespace Cake.Frosting;

/// <summary>Runs before the first task.</summary>
public interface IFrostingSetup
{
    /// <summary>Prepares the run.</summary>
    void Setup(ICakeContext context, ISetupContext info);
}

/// <summary>Runs after the last task, failed or not.</summary>
public interface IFrostingTeardown
{
    /// <summary>Ends the run.</summary>
    void Teardown(ICakeContext context, ITeardownContext info);
}

/// <summary>Runs before the first task and after the last.</summary>
public interface IFrostingLifetime : IFrostingSetup, IFrostingTeardown;

/// <inheritdoc cref="IFrostingSetup"/>
/// <typeparam name="TContext">The context that it works on.</typeparam>
public abstract class FrostingSetup<TContext> : IFrostingSetup
    where TContext : ICakeContext
{
    /// <inheritdoc cref="IFrostingSetup.Setup"/>
    public abstract void Setup(TContext context, ISetupContext info);

    void IFrostingSetup.Setup(ICakeContext context, ISetupContext info) => Setup((TContext)context, info);
}

/// <inheritdoc cref="IFrostingTeardown"/>
/// <typeparam name="TContext">The context that it works on.</typeparam>
public abstract class FrostingTeardown<TContext> : IFrostingTeardown
    where TContext : ICakeContext
{
    /// <inheritdoc cref="IFrostingTeardown.Teardown"/>
    public abstract void Teardown(TContext context, ITeardownContext info);

    void IFrostingTeardown.Teardown(ICakeContext context, ITeardownContext info) => Teardown((TContext)context, info);
}

/// <inheritdoc cref="IFrostingLifetime"/>
/// <typeparam name="TContext">The context that it works on.</typeparam>
public abstract class FrostingLifetime<TContext> : IFrostingLifetime
    where TContext : ICakeContext
{
    /// <inheritdoc cref="IFrostingSetup.Setup"/>
    public abstract void Setup(TContext context, ISetupContext info);

    /// <inheritdoc cref="IFrostingTeardown.Teardown"/>
    public abstract void Teardown(TContext context, ITeardownContext info);

    void IFrostingSetup.Setup(ICakeContext context, ISetupContext info) => Setup((TContext)context, info);

    void IFrostingTeardown.Teardown(ICakeContext context, ITeardownContext info) => Teardown((TContext)context, info);
}
