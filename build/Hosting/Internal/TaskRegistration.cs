using System.Reflection;
using Cake.Core;

namespace Cake.Frosting.Internal;

/// <summary>Registers task classes with Cake's engine.</summary>
internal sealed class TaskRegistration(ICakeEngine engine, IEnumerable<IFrostingTask> tasks)
{
    /// <summary>Registers them all.</summary>
    /// <exception cref="FrostingException">A task depends on a class that is no task.</exception>
    public void Register()
    {
        foreach (var task in tasks)
        {
            Register(task, task.GetType());
        }
    }

    // The engine is told only of what is overridden: a task without work is shown as one that gathers others.
    private void Register(IFrostingTask task, Type type)
    {
        var builder = engine.RegisterTask(NameOf(type));
        if (type.GetCustomAttribute<TaskDescriptionAttribute>() is { } description)
        {
            builder.Description(description.Description);
        }

        if (Overrides(type, "RunAsync"))
        {
            builder.Does(task.RunAsync);
        }

        if (Overrides(type, "ShouldRun"))
        {
            builder.WithCriteria(task.ShouldRun);
        }

        foreach (var other in type.GetCustomAttributes<IsDependentOnAttribute>())
        {
            builder.IsDependentOn(other.Task.IsAssignableTo(typeof(IFrostingTask))
                ? NameOf(other.Task)
                : throw new FrostingException($"The dependency '{NameOf(other.Task)}' is not a valid task."));
        }
    }

    private static string NameOf(Type type) => type.GetCustomAttribute<TaskNameAttribute>()?.Name ?? type.Name;

    private static bool Overrides(Type type, string method)
        => type.GetMethod(method)!.DeclaringType!.Namespace != typeof(IFrostingTask).Namespace;
}
