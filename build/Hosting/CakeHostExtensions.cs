using Cake.Frosting.Internal;
using Microsoft.Extensions.DependencyInjection;

namespace Cake.Frosting;

/// <summary>How a project makes the host its own.</summary>
public static class CakeHostExtensions
{
    /// <summary>The class of the context that tasks are given.</summary>
    public static CakeHost UseContext<TContext>(this CakeHost host)
        where TContext : class, IFrostingContext
        => host.ConfigureServices(services => services.AddSingleton<IFrostingContext, TContext>());

    /// <summary>What runs before the first task and after the last.</summary>
    public static CakeHost UseLifetime<TLifetime>(this CakeHost host)
        where TLifetime : class, IFrostingLifetime
        => host.ConfigureServices(services => services
            .AddSingleton<IFrostingLifetime, TLifetime>()
            .AddSingleton<IFrostingSetup>(provider => provider.GetRequiredService<IFrostingLifetime>())
            .AddSingleton<IFrostingTeardown>(provider => provider.GetRequiredService<IFrostingLifetime>()));

    /// <summary>What runs before the first task.</summary>
    public static CakeHost UseSetup<TSetup>(this CakeHost host)
        where TSetup : class, IFrostingSetup
        => host.ConfigureServices(services => services.AddSingleton<IFrostingSetup, TSetup>());

    /// <summary>What runs after the last task.</summary>
    public static CakeHost UseTeardown<TTeardown>(this CakeHost host)
        where TTeardown : class, IFrostingTeardown
        => host.ConfigureServices(services => services.AddSingleton<IFrostingTeardown, TTeardown>());

    /// <summary>What runs before and after each task.</summary>
    public static CakeHost UseTaskLifetime<TLifetime>(this CakeHost host)
        where TLifetime : class, IFrostingTaskLifetime
        => host.ConfigureServices(services => services
            .AddSingleton<IFrostingTaskLifetime, TLifetime>()
            .AddSingleton<IFrostingTaskSetup>(provider => provider.GetRequiredService<IFrostingTaskLifetime>())
            .AddSingleton<IFrostingTaskTeardown>(provider => provider.GetRequiredService<IFrostingTaskLifetime>()));

    /// <summary>The working directory when <c>--working</c> names none.</summary>
    public static CakeHost UseWorkingDirectory(this CakeHost host, Core.IO.DirectoryPath path)
        => host.ConfigureServices(services => services.AddSingleton(new WorkingDirectory(path)));
}
