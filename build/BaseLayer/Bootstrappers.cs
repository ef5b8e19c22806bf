using System.Collections.Immutable;
using Dom0Image.Recipes;

namespace Dom0Image.BaseLayer;

/// <summary>The programs that lay base layers, by the recipe's words.</summary>
internal static class Bootstrappers
{
    private static readonly ImmutableArray<(Bootstrapper Word, IBootstrapper Program)> ByWord = [(Bootstrapper.Mmdebstrap, new Mmdebstrap()), (Bootstrapper.Debootstrap, new Debootstrap())];

    public static IEnumerable<IBootstrapper> All => ByWord.Select(one => one.Program);

    /// <summary>The one that a recipe asks for.</summary>
    public static IBootstrapper Of(Recipe recipe) => ByWord.Single(one => one.Word == recipe.Bootstrap).Program;
}
