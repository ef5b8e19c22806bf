using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Dom0Image.Diagnostics;
using Dom0Image.Posix;
using Dom0Image.Recipes.Yaml;

namespace Dom0Image.Recipes.Model;

/// <summary>A path whose file holds a secret of one line; read as the secret.</summary>
/// <param name="secret">What the file must hold.</param>
/// <param name="howToMake">What to do when it is not there.</param>
internal sealed class SecretFileShape<T>(ScalarShape<T> secret, string howToMake) : Shape<T>
{
    private const int LargestFile = 4096;

    /// <inheritdoc/>
    public override string Expected => Scalars.BuildMachineFile.Expected;

    /// <inheritdoc/>
    public override string Written => Scalars.BuildMachineFile.Written;

    /// <inheritdoc/>
    public override bool TryRead(YamlNode node, string path, ProblemList problems, [MaybeNullWhen(false)] out T value)
    {
        value = default;
        if (!Scalars.BuildMachineFile.TryRead(node, path, problems, out var name))
        {
            return false;
        }

        var file = Path.GetFullPath(name, Path.GetDirectoryName(Path.GetFullPath(node.Where.File))!);
        try
        {
            if (new FileInfo(file) is { Exists: true, Length: > LargestFile })
            {
                problems.Add(new Diagnostic($"'{name}' holds more than a hash") { Where = node.Where, Expected = $"a file with {secret.Expected}" });
                return false;
            }

            var text = PlainFile.ReadAllText(file).Trim();
            return secret.TryRead(new YamlScalar(node.Where, text, Quoted: true), $"{path}: {name}", problems, out value);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            problems.Add(new Diagnostic($"'{name}' cannot be read: {problem.Message}") { Where = node.Where, Expected = $"a file with {secret.Expected}", Hint = howToMake });
            return false;
        }
    }

    /// <inheritdoc/>
    public override JsonObject Schema() => Scalars.BuildMachineFile.Schema();
}
