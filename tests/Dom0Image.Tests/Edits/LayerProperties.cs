using Dom0Image.Posix;
using Mono.Unix.Native;

namespace Dom0Image.Tests.Edits;

/// <summary>Any edit over any later base, through what a build and Republish apply layers with, against what anybody would expect of it.</summary>
#pragma warning disable NUnit1027 // FsCheck makes the arguments
internal sealed class LayerProperties
{
    private static readonly string[] Names = ["a", "b", "c", "caf\0\u00e9"];
    private static readonly string[] Modes = ["0755", "0644", "0600", "4755"];

    [Category("Slow")]
    [FsCheck.NUnit.Property(MaxTest = 500, EndSize = 120)]
    public void Either_the_result_has_the_edit_and_the_bases_change_or_a_conflict_names_the_path(byte[] tree, byte[] edit, byte[] later)
    {
        using var editing = new Editing();
        Grow(editing.Old, tree);
        editing.Begin();
        Grow(editing.Edit, edit);
        Grow(editing.Base, later);
        var (old, mine, bases) = (editing.Old.States(), editing.Edit.States(), editing.Base.States());
        var again = editing.Copy(editing.Base, "again");

        var layer = editing.Keep();
        var report = editing.Apply(layer);

        var result = editing.Base.States();
        var named = report.Conflicts.Select(conflict => conflict.What).ToHashSet();
        foreach (var path in old.Keys.Union(mine.Keys).Union(bases.Keys).Union(result.Keys))
        {
            var (was, edited, there, became) = (old.GetValueOrDefault(path), mine.GetValueOrDefault(path), bases.GetValueOrDefault(path), result.GetValueOrDefault(path));
            var told = named.Contains(path);
            if (edited == was)
            {
                Assert.That(became, Is.EqualTo(there), $"{path}: nobody edited it");
                Assert.That(told, Is.False, $"{path}: nobody edited it, and it is told");
            }
            else if (told)
            {
                Assert.That(became, Is.EqualTo(there), $"{path}: nobody decided yet");
                Assert.That(Touched(path, old, bases), $"{path}: is told, and the base is as it was");
            }
            else
            {
                Assert.That(became, Is.EqualTo(edited), $"{path}: the edit is lost");
                Assert.That(there == was || there == edited, $"{path}: the base's change is lost");
            }
        }

        Assert.That(editing.Apply(layer, again).Conflicts.Select(conflict => conflict.What), Is.EqualTo(report.Conflicts.Select(conflict => conflict.What)));
        Assert.That(again.States(), Is.EqualTo(result), "the same comes of the same");
    }

    // Whether the base changed at a path, above it or below it.
    private static bool Touched(string path, SortedDictionary<string, Seen> old, SortedDictionary<string, Seen> bases)
        => old.Keys.Union(bases.Keys).Any(other => (other == path || other.StartsWith(path + "/", StringComparison.Ordinal) || path.StartsWith(other + "/", StringComparison.Ordinal))
            && old.GetValueOrDefault(other) != bases.GetValueOrDefault(other));

    // Makes, changes and takes away things, as the bytes say. In few names, so that two of them meet.
    private static void Grow(Tree tree, byte[] seed)
    {
        for (var at = 0; at + 3 < seed.Length; at += 4)
        {
            var directories = FileNode.Get(tree.Root).Below().Where(node => node.IsDirectory).Select(node => node.Path[tree.Root.Length..]).Prepend("").Where(path => path.Count(c => c == '/') < 4).ToList();
            var path = $"{directories[seed[at] % directories.Count]}/{Names[seed[at + 1] % Names.Length]}";
            var there = tree.Find(path);
            var (user, mode) = ((uint)(seed[at + 3] % 2), Modes[seed[at + 3] % Modes.Length]);
            switch (seed[at + 2] % 10)
            {
                case 0 or 1 or 2 when there is not { IsDirectory: true }:
                    tree.File(path, $"content {seed[at + 3] % 5}\n", mode, user);
                    break;
                case 3 or 4 when there is null:
                    tree.Dir(path, mode, user);
                    break;
                case 5 when there is { IsLink: false }:
                    tree.Own(path, mode, user, user);
                    break;
                case 6:
                    tree.Delete(path).Link(path, seed[at + 3] % 2 == 0 ? "a" : "/b/c");
                    break;
                case 7:
                    tree.Delete(path);
                    break;
                case 8 when there is { IsFile: true }:
                    Assert.That(Syscall.lsetxattr(tree.Root + path, "user.test", [seed[at + 3]]), Is.Zero);
                    break;
                case 9:
                    tree.Delete(path).File($"{path}/{Names[seed[at + 3] % Names.Length]}", "within\n", mode, user);
                    break;
                default:
                    if (FileNode.Get(tree.Root).Below().Where(node => node.IsFile).Select(node => node.Path[tree.Root.Length..]).FirstOrDefault() is { } file && there is null)
                    {
                        tree.Name(path, file);
                    }

                    break;
            }
        }
    }
}
