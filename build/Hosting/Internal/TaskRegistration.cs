using System.Reflection;
using Cake.Core;
using Cake.Core.Diagnostics;

namespace Cake.Frosting.Internal;

/// <summary>Registers task classes and lifetimes with Cake's engine.</summary>
internal sealed class TaskRegistration(
    ICakeEngine engine,
    IFrostingContext context,
    ICakeLog log,
    IEnumerable<IFrostingTask> tasks,
    IFrostingSetup? setup = null,
    IFrostingTeardown? teardown = null,
    IFrostingTaskSetup? taskSetup = null,
    IFrostingTaskTeardown? taskTeardown = null)
{
    /// <summary>Registers them all.</summary>
    /// <exception cref="FrostingException">A task depends on a class that is no task.</exception>
    public void Register()
    {
        foreach (var task in tasks)
        {
            Register(task);
        }

        if (setup is not null)
        {
            engine.RegisterSetupAction(info => setup.Setup(context, info));
        }

        if (teardown is not null)
        {
            engine.RegisterTeardownAction(info => teardown.Teardown(context, info));
        }

        if (taskSetup is not null)
        {
            engine.RegisterTaskSetupAction(info => taskSetup.Setup(context, info));
        }

        if (taskTeardown is not null)
        {
            engine.RegisterTaskTeardownAction(info => taskTeardown.Teardown(context, info));
        }
    }

    private void Register(IFrostingTask task)
    {
        var type = task.GetType();
        if (!ContextOf(type).IsAssignableFrom(context.GetType()))
        {
            log.Warning("Task {0} cannot be used: the context is no {1}.", NameOf(type), ContextOf(type).FullName);
            return;
        }

        var builder = engine.RegisterTask(NameOf(type));
        if (type.GetCustomAttribute<TaskDescriptionAttribute>() is { } description)
        {
            builder.Description(description.Description);
        }

        AddActions(task, builder);
        AddOrder(type, builder);
    }

    // The engine is told only of what is overridden: a task without work is shown as one that gathers others.
    private void AddActions(IFrostingTask task, CakeTaskBuilder builder)
    {
        var type = task.GetType();
        if (Overrides(type, "Run") || Overrides(type, "RunAsync"))
        {
            builder.Does(task.RunAsync);
        }

        if (Overrides(type, "ShouldRun"))
        {
            builder.WithCriteria(task.ShouldRun, task.SkippedMessage);
        }

        if (type.IsDefined(typeof(ContinueOnErrorAttribute)))
        {
            builder.ContinueOnError();
        }

        if (Overrides(type, "OnError"))
        {
            builder.OnError(exception => task.OnError(exception, context));
        }

        if (Overrides(type, "Finally"))
        {
            builder.Finally(() => task.Finally(context));
        }
    }

    private static void AddOrder(Type type, CakeTaskBuilder builder)
    {
        foreach (var other in type.GetCustomAttributes<IsDependentOnAttribute>())
        {
            builder.IsDependentOn(NameOfTask(other.Task));
        }

        foreach (var other in type.GetCustomAttributes<IsDependeeOfAttribute>())
        {
            builder.IsDependeeOf(NameOfTask(other.Task));
        }
    }

    private static string NameOfTask(Type type) => type.IsAssignableTo(typeof(IFrostingTask))
        ? NameOf(type)
        : throw new FrostingException($"The dependency '{NameOf(type)}' is not a valid task.");

    private static string NameOf(Type type) => type.GetCustomAttribute<TaskNameAttribute>()?.Name ?? type.Name;

    private static bool Overrides(Type type, string method) => type
        .GetMethods(BindingFlags.Instance | BindingFlags.Public)
        .Any(m => m.Name == method && m.IsVirtual && m.GetBaseDefinition().DeclaringType != m.DeclaringType && BaseOf(m.GetBaseDefinition().DeclaringType!) is not null);

    private static Type ContextOf(Type type) => Ancestors(type).Select(BaseOf).FirstOrDefault(c => c is not null) ?? typeof(ICakeContext);

    // The context's type when this is one of the two generic base classes.
    private static Type? BaseOf(Type type)
        => type.IsGenericType && (type.GetGenericTypeDefinition() == typeof(FrostingTask<>) || type.GetGenericTypeDefinition() == typeof(AsyncFrostingTask<>))
            ? type.GenericTypeArguments[0]
            : null;

    private static IEnumerable<Type> Ancestors(Type? type)
    {
        for (; type is not null; type = type.BaseType)
        {
            yield return type;
        }
    }
}
