using System.Reflection;
using Cake.Frosting;
using Dom0Image.Diagnostics;

namespace Dom0Image.CommandLine;

/// <summary>The targets that can be asked for: the names of the task classes.</summary>
internal static class TargetNames
{
    private static readonly string[] All =
    [
        .. typeof(TargetNames).Assembly.GetTypes()
            .Where(type => !type.IsAbstract && type.IsAssignableTo(typeof(IFrostingTask)))
            .Select(type => type.GetCustomAttribute<TaskNameAttribute>()?.Name ?? type.Name)
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>Refuses targets that there are not, before anything is done. Case does not matter to Cake.</summary>
    /// <exception cref="BuildFailedException">Names them, with the nearest that there is.</exception>
    public static void Check(IEnumerable<string> targets)
    {
        var wrong = targets.Where(target => !All.Contains(target, StringComparer.OrdinalIgnoreCase)).ToArray();
        if (wrong.Length > 0)
        {
            throw new BuildFailedException(wrong.Select(target => new Diagnostic($"the target '{target}' was not found")
            {
                Expected = $"one of {string.Join(", ", All)}",
                Hint = Nearest.Hint(target, All),
            }));
        }
    }
}
