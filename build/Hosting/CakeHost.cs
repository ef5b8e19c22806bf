using System.Reflection;
using Cake.Cli;
using Cake.Common.Modules;
using Cake.Core;
using Cake.Core.Configuration;
using Cake.Core.Diagnostics;
using Cake.Core.Modules;
using Cake.Frosting.Internal;
using Microsoft.Extensions.DependencyInjection;
using Spectre.Console;
using Spectre.Console.Cli;

namespace Cake.Frosting;

/// <summary>
/// Runs a project's task classes with Cake's engine and command line. A stand-in for the host of the package
/// Cake.Frosting, with the same names and behaviour for the part that this project uses.
/// </summary>
public sealed class CakeHost
{
    private readonly IServiceCollection _services = new ServiceCollection();
    private readonly List<Assembly> _assemblies = [Assembly.GetEntryAssembly() ?? typeof(CakeHost).Assembly];

    /// <summary>A host for the tasks of the program's own assembly.</summary>
    public CakeHost()
    {
        _services
            .AddSingleton<ICakeLog, CakeBuildLog>()
            .AddSingleton<IConsole, CakeConsole>()
            .AddSingleton(_ => AnsiConsole.Console)
            .AddSingleton<ICakeReportPrinter, CakeSpectreReportPrinter>()
            .AddSingleton<ICakeConfiguration, HostConfiguration>()
            .AddSingleton<BuildScriptHost<IFrostingContext>>()
            .AddSingleton<DryRunScriptHost<IFrostingContext>>()
            .AddSingleton<TreeScriptHost>()
            .AddSingleton<DescriptionScriptHost>()
            .AddSingleton<IVersionResolver, VersionResolver>()
            .AddSingleton<VersionFeature>()
            .AddSingleton<InfoFeature>()
            .AddSingleton<TaskRegistration>();
        ModuleServices.Add(_services, new CoreModule(), new CommonModule());
    }

    /// <summary>Takes the tasks of one more assembly.</summary>
    public CakeHost AddAssembly(Assembly assembly)
    {
        _assemblies.Add(assembly);
        return this;
    }

    /// <summary>Adds services: parameters of the constructors of the context and the tasks.</summary>
    public CakeHost ConfigureServices(Action<IServiceCollection> services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services(_services);
        return this;
    }

    /// <summary>The class of the context that tasks are given.</summary>
    public CakeHost UseContext<TContext>()
        where TContext : class, IFrostingContext
        => ConfigureServices(services => services.AddSingleton<IFrostingContext, TContext>());

    /// <summary>Runs the command line.</summary>
    /// <returns>0, or another number when something failed; what, was written to the error output.</returns>
    public int Run(IEnumerable<string> args)
    {
        foreach (var task in _assemblies.Distinct().SelectMany(a => a.GetExportedTypes()).Where(IsTask))
        {
            _services.AddSingleton(typeof(IFrostingTask), task);
        }

        return new CommandApp<RunCommand>().WithData(_services).Run(args);
    }

    private static bool IsTask(Type type) => type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(IFrostingTask));
}
