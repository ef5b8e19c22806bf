using Dom0Image.Processes;
using Dom0Image.Recipes;
using Dom0Image.Store;

namespace Dom0Image.Tests.BaseLayer;

/// <summary>What tests of the base layer share.</summary>
internal static class BaseLayerHelp
{
    public const string DebianKeyring = "/usr/share/keyrings/debian-archive-keyring.gpg";

    /// <summary>A recipe with nothing but what a base layer needs.</summary>
    public static Recipe Recipe(string suite, string keyring = DebianKeyring, params string[] packages) => new()
    {
        Name = "sample",
        File = "recipes/sample.yaml",
        Suite = suite,
        Architecture = "amd64",
        Components = ["main"],
        Keyring = keyring,
        Packages = [.. packages],
        Flash = new FlashList(1 << 20, []),
        Kernels = [],
    };

    /// <summary>A context over a store in <paramref name="directory"/>, and what it told the user.</summary>
    public static (StageContext Context, Told Told) Context(string directory)
    {
        var told = new Told();
        var store = new BuildStore(Path.Combine(directory, "store"));
        return (new StageContext(store, new ToolRunner(Path.Combine(directory, "log")), told, CancellationToken.None), told);
    }

    /// <summary>Remembers what was told.</summary>
    internal sealed class Told : IStageProgress
    {
        public List<string> Warnings { get; } = [];

        public List<string> Activities { get; } = [];

        public void Report(string activity, double? fraction = null)
        {
            lock (Activities)
            {
                Activities.Add(activity);
            }
        }

        public void Note(string message)
        {
        }

        public void Warn(string message)
        {
            lock (Warnings)
            {
                Warnings.Add(message);
            }
        }
    }
}
