using Cake.Core;

namespace Cake.Frosting;

/// <summary>What tasks work on.</summary>
public interface IFrostingContext : ICakeContext;

/// <summary>The context that projects derive theirs from; the constructor's parameters come from the services.</summary>
/// <param name="context">Cake's own.</param>
public class FrostingContext(ICakeContext context) : CakeContextAdapter(context), IFrostingContext;
