using System.Collections.Immutable;
using Dom0Image.Diagnostics;
using Dom0Image.Recipes.Model;

namespace Dom0Image.Recipes;

/// <summary>What a site may say of the nights' builds.</summary>
internal static class NightlyModel
{
    internal static readonly Field<PublishWay> Publish = Field<PublishWay>.Optional(
        "publish",
        new WordShape<PublishWay>("way to publish", ("auto", PublishWay.Auto), ("by-hand", PublishWay.ByHand))
        {
            HintFor = text => text switch { "automatic" or "yes" or "true" => "Write auto.", "manual" or "no" or "false" => "Write by-hand.", _ => null },
        },
        PublishWay.ByHand,
        "Whether the target Nightly publishes what it built and booted, or leaves it ready; other targets publish in either case. Default: by-hand.");

    internal static readonly Field<ImmutableArray<string>> OnFailure = Field<ImmutableArray<string>>.Optional(
        "on-failure",
        new ListShape<string>(
            "words (a program and its arguments; no shell reads them)",
            new ScalarShape<string>("word", "/usr/local/sbin/tell-me", @"^[^\x00-\x1f\x7f]{1,1000}$", text => text) { MayBeNumber = true },
            1)
        { MayRepeat = true },
        [],
        "Run when a run of the target Nightly failed, or met a conflict; it is given the result as JSON on its standard input. Default: nothing is run.");

    /// <summary>Whether the program would be the same wherever the build is started.</summary>
    public static IEnumerable<Diagnostic> Check(Fields f)
    {
        if (f.Get(OnFailure) is [var program, ..] && program.Contains('/') && program[0] != '/')
        {
            yield return new Diagnostic($"'{program}' depends on where the build is started") { Where = f.WhereOf(OnFailure), Expected = "an absolute path, or a program's name alone" };
        }
        else if (f.Get(OnFailure) is [var line] && line.Contains(' '))
        {
            yield return new Diagnostic($"'{line}' is one word, and no program") { Where = f.WhereOf(OnFailure), Expected = "a list with the program first and each argument after it" };
        }
    }
}
