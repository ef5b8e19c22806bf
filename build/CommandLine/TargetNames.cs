using System.Collections.Immutable;
using System.Reflection;
using Cake.Frosting;
using Dom0Image.Diagnostics;

namespace Dom0Image.CommandLine;

/// <summary>The targets that can be asked for: the names of the task classes. Case does not matter to Cake.</summary>
internal static class TargetNames
{
    private static readonly ImmutableSortedDictionary<string, Type> Tasks = typeof(TargetNames).Assembly.GetTypes()
        .Where(type => !type.IsAbstract && type.IsAssignableTo(typeof(IFrostingTask)))
        .ToImmutableSortedDictionary(type => type.GetCustomAttribute<TaskNameAttribute>()?.Name ?? type.Name, type => type, StringComparer.OrdinalIgnoreCase);

    /// <summary>The task class of a target.</summary>
    public static Type TaskOf(string target) => Tasks[target];

    /// <summary>Refuses targets that there are not, before anything is done.</summary>
    /// <exception cref="BuildFailedException">Names them, with the nearest that there is.</exception>
    public static void Check(IEnumerable<string> targets)
    {
        var wrong = targets.Where(target => !Tasks.ContainsKey(target)).ToArray();
        if (wrong.Length > 0)
        {
            throw new BuildFailedException(wrong.Select(target => new Diagnostic($"the target '{target}' was not found")
            {
                Expected = $"one of {string.Join(", ", Tasks.Keys)}",
                Hint = Nearest.Hint(target, Tasks.Keys),
            }));
        }
    }
}
