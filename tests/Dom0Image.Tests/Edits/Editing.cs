using System.Collections.Immutable;
using System.Security.Cryptography;
using Dom0Image.Edits;
using Dom0Image.Edits.Layers;
using Dom0Image.Edits.Merge;
using Dom0Image.Generations;
using Dom0Image.Posix;
using Dom0Image.Processes;
using Dom0Image.Recipes;
using Dom0Image.Store;
using Dom0Image.Tests.RootFs;
using Dom0Image.Tests.Store;

namespace Dom0Image.Tests.Edits;

/// <summary>A generation, what somebody made of it, and a base that came later: three trees of real files, and the layer between the first two.</summary>
internal sealed class Editing : IDisposable
{
    private readonly TempDirectory _temp = new();
    private readonly ToolRunner _tools = new();

    public Editing()
    {
        Old = new Tree(_temp.Make("old"));
        Directory.CreateDirectory(Layers);
    }

    /// <summary>The generation that is edited.</summary>
    public Tree Old { get; }

    /// <summary>What the edit made of it.</summary>
    public Tree Edit { get; private set; } = null!;

    /// <summary>What came later.</summary>
    public Tree Base { get; private set; } = null!;

    /// <summary>Where the layers and answers are.</summary>
    public string Layers => _temp["edits"];

    /// <summary>What clients write to.</summary>
    public FlashList Flash { get; set; } = TestImage.List();

    public StageContext Context => new(new BuildStore(_temp["store"]), _tools, new Recorder(), CancellationToken.None);

    /// <summary>Makes the other two trees, which begin as the first.</summary>
    public Editing Begin()
    {
        Edit = Copy(Old, "edit");
        Base = Copy(Old, "base");
        return this;
    }

    public Tree Copy(Tree tree, string name)
    {
        _tools.RunAsync(new ToolCommand("cp", "-a", "--", tree.Root, _temp[name])).GetAwaiter().GetResult();
        return new Tree(_temp[name]);
    }

    /// <summary>Keeps what differs between two trees.</summary>
    public KeptLayer Keep(string name = "0001", Tree? from = null, Tree? to = null)
    {
        var (old, edited) = ((from ?? Old).States(), (to ?? Edit).States());
        var directory = Path.Combine(Layers, name);
        Directory.CreateDirectory(Path.Combine(directory, "contents"));
        var paths = ImmutableArray.CreateBuilder<LayerPath>();
        foreach (var path in old.Keys.Union(edited.Keys).Order(StringComparer.Ordinal))
        {
            var (was, now) = (old.GetValueOrDefault(path), edited.GetValueOrDefault(path));
            if (was != now)
            {
                paths.Add(new LayerPath(path, was is null ? null : ManifestReader.ReadOne((from ?? Old).Root, path), now is null ? null : ManifestReader.ReadOne((to ?? Edit).Root, path)));
                if (now is { Type: FileType.File })
                {
                    var content = FileNode.Get((to ?? Edit).Root + path).ReadAllBytes();
                    File.WriteAllBytes(Path.Combine(directory, "contents", Convert.ToHexStringLower(SHA256.HashData(content))), content);
                }
            }
        }

        var layer = new Layer(name, "small", "small-000000000000", "a reason", "somebody", DateTimeOffset.UnixEpoch) { Paths = paths.ToImmutable() };
        File.WriteAllBytes(Path.Combine(directory, KeptLayer.FileName), KeptLayer.Write(layer));
        return KeptLayer.Read(directory);
    }

    /// <summary>Applies a layer to the later base, as a build does.</summary>
    public EditReport Apply(KeptLayer layer, Tree? to = null)
        => new EditApplication((to ?? Base).Root, AnswerBook.Read(Layers), TestImage.RecipeWith(Flash), Context).ApplyAsync(layer).GetAwaiter().GetResult();

    /// <summary>Keeps the edit and applies it.</summary>
    public EditReport KeepAndApply()
    {
        var report = Apply(Keep());
        OpenConflicts.Keep(Layers, report.Conflicts);
        return report;
    }

    public void Dispose() => _temp.Dispose();
}
