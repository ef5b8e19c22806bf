using System.Reflection;
using System.Reflection.Emit;
using Cake.Frosting;
using Dom0Image.Pipeline;
using Dom0Image.Tasks;

namespace Dom0Image.Tests.Pipeline;

/// <summary>What tasks hand on to each other.</summary>
internal sealed class HandOverSpecs
{
    private const BindingFlags All = BindingFlags.DeclaredOnly | BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    private static readonly Type[] Tasks = [.. typeof(PlanTask).Assembly.GetExportedTypes().Where(type => !type.IsAbstract && type.IsAssignableTo(typeof(IFrostingTask)))];

    [Test]
    public void I_learn_without_a_build_that_a_task_takes_what_none_before_it_makes()
    {
        Assert.That(Tasks.SelectMany(Forgotten), Is.Empty);
        Assert.That(
            Tasks.SelectMany(Taken).Distinct(),
            Is.EquivalentTo(Tasks.SelectMany(task => task.GetFields(All)).Where(IsOutput)),
            "each output is seen to be taken, so that reading misses none");
    }

    [TestCase(typeof(ForgetsTask), "PlanTask.Plan")]
    [TestCase(typeof(DependsOnAnotherTask), "MenusTask.BootFiles")]
    public void A_forgotten_dependency_is_found(Type task, string output)
        => Assert.That(Forgotten(task), Is.EqualTo(new[] { $"{task.Name} takes {output}: is an IsDependentOn missing?" }));

    [Test]
    public void What_was_given_is_taken_by_the_name_of_its_maker()
    {
        using var handOver = new HandOver();
        var (mine, other) = (new Output<string>(), new Output<string>());
        handOver.Give(mine, "made");

        Assert.That(handOver.Take(mine), Is.EqualTo("made"));
        Assert.That(() => handOver.Take(other), Throws.InvalidOperationException.With.Message.EqualTo("no task of this run made a String"));
        Assert.That(() => handOver.Give(mine, "again"), Throws.ArgumentException);
    }

    [Test]
    public void What_is_held_is_released_at_the_end_of_a_run_the_last_first()
    {
        var released = new List<string>();
        var handOver = new HandOver();
        handOver.Hold(new Held("lock", released));
        handOver.Hold(new Held("generation", released));
        handOver.Give(new Output<Held>(), new Held("boot files", released));
        Assert.That(released, Is.Empty);

        handOver.Dispose();

        Assert.That(released, Is.EqualTo(new[] { "boot files", "generation", "lock" }));
    }

    private static IEnumerable<string> Forgotten(Type task)
        => from output in Taken(task).Distinct()
           where !Before(task).Contains(output.DeclaringType!)
           select $"{task.Name} takes {output.DeclaringType!.Name}.{output.Name}: is an IsDependentOn missing?";

    private static IEnumerable<Type> Before(Type task)
        => task.GetCustomAttributes<IsDependentOnAttribute>().SelectMany(needed => Before(needed.Task).Prepend(needed.Task));

    // In a task's code, and in that of its closures and state machines.
    private static IEnumerable<FieldInfo> Taken(Type task)
        => from type in Nested(task).Prepend(task)
           from method in type.GetMethods(All)
           let code = method.GetMethodBody()?.GetILAsByteArray() ?? []
           from at in Enumerable.Range(0, Math.Max(0, code.Length - sizeof(int)))
           where code[at] == OpCodes.Ldsfld.Value
           let field = FieldOf(type.Module, BitConverter.ToInt32(code, at + 1))
           where field is not null && IsOutput(field) && field.DeclaringType != task
           select field;

    private static IEnumerable<Type> Nested(Type type) => type.GetNestedTypes(All).SelectMany(inner => Nested(inner).Prepend(inner));

    private static bool IsOutput(FieldInfo field) => field.FieldType.IsGenericType && field.FieldType.GetGenericTypeDefinition() == typeof(Output<>);

    // Any byte may look like the instruction, and then what follows it names no field.
    private static FieldInfo? FieldOf(Module module, int token)
    {
        try
        {
            return (token >> 24) is 0x04 or 0x0a ? module.ResolveField(token) : null;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private sealed record Held(string Name, List<string> Released) : IDisposable
    {
        public void Dispose() => Released.Add(Name);
    }

    private sealed class ForgetsTask : AsyncFrostingTask<BuildContext>
    {
        public override async Task RunAsync(BuildContext context)
        {
            await Task.Yield();
            await Task.Run(() => context.HandOver.Take(PlanTask.Plan));
        }
    }

    [IsDependentOn(typeof(RootTask))]
    private sealed class DependsOnAnotherTask : AsyncFrostingTask<BuildContext>
    {
        public override Task RunAsync(BuildContext context)
        {
            context.HandOver.Take(PlanTask.Plan);
            context.HandOver.Take(MenusTask.BootFiles);
            return Task.CompletedTask;
        }
    }
}
