using Dom0Image.Diagnostics;

namespace Dom0Image.CommandLine;

/// <summary>Makes <see cref="BuildOptions"/> of what Cake left of the command line. Strict: nothing is ignored.</summary>
internal static class OptionParser
{
    /// <summary>Parses.</summary>
    /// <param name="arguments">Values by name, as Cake hands them over; <c>target</c> is Cake's.</param>
    /// <exception cref="BuildFailedException">Everything that is wrong, in one go.</exception>
    public static BuildOptions Parse(IEnumerable<KeyValuePair<string, ICollection<string>>> arguments)
    {
        var options = new BuildOptions { Store = "" };
        var wrong = new List<Diagnostic>();
        foreach (var (name, values) in arguments.Where(a => a.Key != "target"))
        {
            if (OptionTable.Options.FirstOrDefault(o => o.Name == name) is not { } spec)
            {
                wrong.Add(Unknown(name));
            }
            else if (values.Count > 1)
            {
                wrong.Add(new Diagnostic($"--{name} is given {values.Count} times") { Expected = "it once" });
            }
            else
            {
                options = Apply(spec, options, values.SingleOrDefault(), wrong);
            }
        }

        if (wrong.Count > 0)
        {
            throw new BuildFailedException(wrong);
        }

        return options.Store.Length > 0 ? options : options with { Store = BuildOptions.DefaultStore(options.Prefix) };
    }

    private static BuildOptions Apply(OptionSpec spec, BuildOptions options, string? value, List<Diagnostic> wrong)
    {
        if (!spec.MayStandAlone && spec.IsFlag != string.IsNullOrWhiteSpace(value))
        {
            wrong.Add(new Diagnostic(spec.IsFlag ? $"--{spec.Name} has a value, '{value}'" : $"--{spec.Name} has no value") { Expected = spec.Usage });
            return options;
        }

        try
        {
            return spec.Apply(options, value ?? "");
        }
        catch (FormatException problem)
        {
            wrong.Add(new Diagnostic($"--{spec.Name}={value} is not understood") { Expected = problem.Message });
            return options;
        }
    }

    private static Diagnostic Unknown(string name)
    {
        var known = OptionTable.Options.Select(o => o.Name).Concat(OptionTable.CakeOptions);
        var nearest = Nearest.To(name, known);
        return new Diagnostic($"unknown option --{name}")
        {
            Hint = nearest is null ? "--help lists the options." : $"Did you mean --{nearest}?",
        };
    }
}
