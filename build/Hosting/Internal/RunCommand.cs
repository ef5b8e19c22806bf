using Cake.Cli;
using Cake.Cli.Infrastructure;
using Cake.Core;
using Cake.Core.Diagnostics;
using Cake.Core.IO;
using Cake.Core.Scripting;
using Microsoft.Extensions.DependencyInjection;
using Spectre.Console.Cli;

namespace Cake.Frosting.Internal;

/// <summary>The one command: runs targets, or tells about them.</summary>
internal sealed class RunCommand : Command<RunSettings>
{
    public override int Execute(CommandContext context, RunSettings settings, CancellationToken cancellationToken)
    {
        var services = (IServiceCollection)context.Data!;
        services.AddSingleton<ICakeArguments>(context.Remaining.ToCakeArguments(settings.Targets));
        services.AddSingleton(context.Remaining);
        using var provider = services.BuildServiceProvider();
        try
        {
            Run(provider, settings);
            return 0;
        }
        catch (Exception problem)
        {
            provider.GetRequiredService<ICakeLog>().LogException(problem);
            return -1;
        }
    }

    private static void Run(ServiceProvider provider, RunSettings settings)
    {
        if (settings.Version || settings.Info)
        {
            Tell(provider, settings);
            return;
        }

        provider.GetRequiredService<ICakeLog>().Verbosity = settings.Verbosity;
        GoTo(settings.WorkingDirectory, provider.GetRequiredService<ICakeEnvironment>());
        var host = Host(provider, settings);
        // What is wrong with the options is told whatever is asked for.
        provider.GetRequiredService<IFrostingContext>();
        provider.GetRequiredService<TaskRegistration>().Register();
        if (settings.Exclusive)
        {
            host.Settings.UseExclusiveTarget();
        }

        host.RunTargets(settings.Targets);
    }

    private static void Tell(ServiceProvider provider, RunSettings settings)
    {
        var console = provider.GetRequiredService<IConsole>();
        if (settings.Version)
        {
            provider.GetRequiredService<VersionFeature>().Run(console);
        }
        else
        {
            provider.GetRequiredService<InfoFeature>().Run(console);
        }
    }

    private static void GoTo(DirectoryPath? directory, ICakeEnvironment environment)
    {
        if (directory is null)
        {
            return;
        }

        var absolute = directory.MakeAbsolute(environment);
        environment.WorkingDirectory = Directory.Exists(absolute.FullPath)
            ? absolute
            : throw new FrostingException($"The working directory '{absolute.FullPath}' does not exist.");
    }

    private static ScriptHost Host(ServiceProvider provider, RunSettings settings) => settings switch
    {
        { DryRun: true } => provider.GetRequiredService<DryRunScriptHost<IFrostingContext>>(),
        { Tree: true } => provider.GetRequiredService<TreeScriptHost>(),
        { Description: true } => provider.GetRequiredService<DescriptionScriptHost>(),
        _ => provider.GetRequiredService<BuildScriptHost<IFrostingContext>>(),
    };
}
