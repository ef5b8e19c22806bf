using Dom0Image.Diagnostics;
using Dom0Image.Recipes;

namespace Dom0Image.BaseLayer;

/// <summary>The programs that lay base layers.</summary>
internal static class BootstrapProgram
{
    /// <summary>Where the program is on this machine.</summary>
    /// <exception cref="BuildFailedException">It is not installed.</exception>
    public static string PathOf(Bootstrapper bootstrapper)
    {
        var (path, package) = bootstrapper == Bootstrapper.Mmdebstrap ? ("/usr/bin/mmdebstrap", "mmdebstrap") : ("/usr/sbin/debootstrap", "debootstrap");
        return File.Exists(path)
            ? path
            : throw new BuildFailedException(new Diagnostic($"{path} is not there") { Hint = $"apt-get install {package}" });
    }
}
