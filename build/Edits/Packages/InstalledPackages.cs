using System.Collections.Immutable;
using Dom0Image.Processes;
using Dom0Image.Store;

namespace Dom0Image.Edits.Packages;

/// <summary>The packages of a tree, and the comparison of versions that dpkg makes.</summary>
/// <param name="lines">Lines <c>name version architecture</c>.</param>
/// <param name="context">Runs dpkg.</param>
internal sealed class InstalledPackages(IReadOnlyList<string> lines, StageContext context)
{
    private readonly ImmutableDictionary<string, string> _versions = lines.Select(line => line.Split(' ')).Where(words => words.Length == 3)
        .GroupBy(words => words[0]).ToImmutableDictionary(group => group.Key, group => group.First()[1]);

    /// <summary>The lines, as a generation keeps them.</summary>
    public IReadOnlyList<string> Lines => lines;

    /// <summary>Asks dpkg.</summary>
    public static async Task<InstalledPackages> ReadAsync(string root, StageContext context)
    {
        var list = await context.RunAsync(
            new ToolCommand("dpkg-query", $"--admindir={root}/var/lib/dpkg", "--show", "--showformat=${db:Status-Status} ${Package} ${Version} ${Architecture}\\n")).ConfigureAwait(false);
        const string here = "installed ";
        return new InstalledPackages([.. list.Lines.Where(line => line.StartsWith(here, StringComparison.Ordinal)).Select(line => line[here.Length..])], context);
    }

    /// <summary>Whether a package is there.</summary>
    /// <param name="name">Its name, with an architecture or without.</param>
    public bool Has(string name) => _versions.ContainsKey(name.Split(':')[0]);

    /// <summary>Whether a package is there in an older version.</summary>
    public async Task<bool> HasOlderAsync(string name, string version)
        => _versions.GetValueOrDefault(name) is { } there
            && (await context.RunAsync(new ToolCommand("dpkg", "--compare-versions", there, "lt", version) { SuccessCodes = [0, 1] }).ConfigureAwait(false)).ExitCode == 0;
}
