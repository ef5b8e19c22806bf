using System.Collections.Immutable;
using System.Reflection;
using Cake.Frosting;
using Dom0Image.CommandLine;
using Dom0Image.HostTools;

namespace Dom0Image.Tasks;

/// <summary>Gathers what targets need from their tasks and all that these depend on.</summary>
internal static class TaskNeeds
{
    /// <summary>The sets of tools of targets.</summary>
    /// <param name="targets">Their names; whoever asks for the tools alone gets those of a build.</param>
    /// <param name="bootTest">Whether a build boots what it made.</param>
    public static ImmutableSortedSet<ToolSet> Of(IEnumerable<string> targets, bool bootTest)
    {
        var seen = new HashSet<Type>();
        var found = ImmutableSortedSet.CreateBuilder<ToolSet>();
        foreach (var target in targets)
        {
            Gather(TargetNames.TaskOf(target) is var task && task == typeof(HostToolsTask) ? typeof(DefaultTask) : task);
        }

        return found.ToImmutable();

        void Gather(Type task)
        {
            if (!seen.Add(task))
            {
                return;
            }

            if (bootTest || task != typeof(BootTestTask))
            {
                found.UnionWith(task.GetCustomAttribute<NeedsAttribute>()?.Sets ?? []);
            }

            foreach (var needed in task.GetCustomAttributes<IsDependentOnAttribute>())
            {
                Gather(needed.Task);
            }
        }
    }
}
