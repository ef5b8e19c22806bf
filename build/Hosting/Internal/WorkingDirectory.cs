using Cake.Core.IO;

namespace Cake.Frosting.Internal;

/// <summary>The project's own choice of working directory.</summary>
internal sealed record WorkingDirectory(DirectoryPath Path);
