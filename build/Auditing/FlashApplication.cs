using System.Collections.Immutable;
using System.Text;
using Dom0Image.Diagnostics;
using Dom0Image.Posix;
using Dom0Image.Recipes;
using Dom0Image.RootFs.Flash;

namespace Dom0Image.Auditing;

/// <summary>What an audit proposes, held against the recipe of today: which may have some of the lines already, or be another than the generation's.</summary>
/// <param name="recipe">The user's recipe.</param>
/// <param name="proposal">What the audit found.</param>
internal sealed class FlashApplication(Recipe recipe, FlashProposal proposal)
{
    private const string Comment = "Written by the image's services, as the write audit found.";

    /// <summary>Lines that the recipe lacks.</summary>
    public ImmutableArray<ProposedLine> Missing { get; } = [.. proposal.Lines.Where(line => FlashPaths.Covering(recipe.Flash, line.Entry.Path) is null)];

    /// <summary>Lines that the recipe has, with the entries that are theirs.</summary>
    public ImmutableArray<(ProposedLine Line, FlashEntry Entry)> There { get; } =
        [.. proposal.Lines.Select(line => (line, FlashPaths.Covering(recipe.Flash, line.Entry.Path))).Where(l => l.Item2 is not null).Select(l => (l.line, l.Item2!))];

    /// <summary>What no line covers.</summary>
    public ImmutableArray<UncoveredWrite> Uncovered => proposal.Uncovered;

    /// <summary>The limit that the recipe's list needs, in bytes; null when the one it has is enough.</summary>
    public long? Size => proposal.Size is { } size && size > recipe.Flash.SizeLimit && !Missing.IsEmpty ? size : null;

    /// <summary>Where the limit stands.</summary>
    public SourceLocation? SizeWhere => recipe.Flash.SizeWhere;

    /// <summary>Where lines are put in.</summary>
    public SourceLocation Place
    {
        get
        {
            var (line, column) = FlashText.Of(Read()).Place;
            return new SourceLocation(recipe.File, line, column);
        }
    }

    /// <summary>Puts the missing lines into the recipe's file, all of them or none. Its comments stay.</summary>
    /// <returns>The file, as the user knows it.</returns>
    /// <exception cref="BuildFailedException">The recipe would not be one any more.</exception>
    public string Write()
    {
        var text = FlashText.Of(Read()).With([.. Missing.Select(line => (line.Entry, Who(line)))], Comment, Size);
        var file = FileNode.Get(Path.GetFullPath(File.ResolveLinkTarget(recipe.File, returnFinalTarget: true)?.FullName ?? recipe.File));
        var made = file.Path + ".dom0image-new";
        FileChange.Delete(made);
        FileChange.MakeFile(made, Encoding.UTF8.GetBytes(text), file.Mode);
        try
        {
            RecipeReader.Read(made);
            FileChange.SetOwner(made, file.Uid, file.Gid);
            Durable.SyncFile(made);
            Durable.RenameAndSync(made, file.Path);
            return recipe.File;
        }
        finally
        {
            FileChange.Delete(made);
        }
    }

    /// <summary>Programs that wrote what a line covers, by their names; null when none is known.</summary>
    public static string? Who(ProposedLine line)
        => line.Writes.SelectMany(w => w.Processes).Select(AuditedProcess.Name).Where(name => name.Length > 0).Distinct().Take(3).ToList() is { Count: > 0 } names ? string.Join(", ", names) : null;

    private string Read() => Encoding.UTF8.GetString(PlainFile.ReadAllBytes(recipe.File));
}
