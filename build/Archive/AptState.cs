using System.Text;
using Dom0Image.Posix;

namespace Dom0Image.Archive;

/// <summary>
/// A private state directory for apt: its own sources, keyrings, lists and cache, so that the build machine's packages
/// and settings play no part. Only the way to the network is the machine's, and apt alone goes it.
/// </summary>
internal static class AptState
{
    /// <summary>Writes the configuration below <paramref name="directory"/>.</summary>
    /// <param name="directory">Of this state alone.</param>
    /// <param name="sources">The suites; none for a state that only fetches files.</param>
    /// <param name="architecture">Debian architecture, such as <c>amd64</c>.</param>
    /// <param name="host">The machine's settings.</param>
    /// <returns>The file to name in <c>APT_CONFIG</c>.</returns>
    public static string Write(string directory, IReadOnlyList<ArchiveSource> sources, string architecture, AptConfig host)
    {
        Directory.CreateDirectory(Path.Combine(directory, "lists", "partial"));
        Directory.CreateDirectory(Path.Combine(directory, "cache", "archives", "partial"));
        Directory.CreateDirectory(Path.Combine(directory, "parts"));
        Write(Path.Combine(directory, "status"), "", PublicModes.File);
        Write(Path.Combine(directory, "archive.sources"), Sources(sources), PublicModes.File);

        // A proxy's address may hold a password. apt reads it as root.
        var file = Path.Combine(directory, "apt.conf");
        Write(file, Settings(directory, architecture, host), PrivateModes.File);
        return file;
    }

    /// <summary>The sources in apt's deb822 form.</summary>
    public static string Sources(IReadOnlyList<ArchiveSource> sources)
        => string.Join('\n', sources.Select(source =>
            $"""
             Types: deb
             URIs: {source.Uri.AbsoluteUri}
             Suites: {source.Suite}
             Components: {string.Join(' ', source.Components)}
             Signed-By: {source.Keyring}

             """));

    // apt builds its cache anew when these files are younger.
    private static void Write(string file, string content, UnixFileMode mode)
    {
        if (!File.Exists(file) || File.GetUnixFileMode(file) != mode || File.ReadAllText(file) != content)
        {
            Durable.ReplaceFile(file, Encoding.UTF8.GetBytes(content), mode);
        }
    }

    private static string Settings(string directory, string architecture, AptConfig host)
    {
        var settings = new StringBuilder();
        void Set(string name, string value) => settings.Append($"{name} \"{value}\";\n");

        // The machine's own settings are read after this file, from the two places named here: there are none.
        Set("Dir::Etc::main", "/dev/null");
        Set("Dir::Etc::parts", Path.Combine(directory, "parts"));
        Set("Dir::Etc::sourcelist", Path.Combine(directory, "archive.sources"));
        Set("Dir::Etc::sourceparts", "/dev/null");
        Set("Dir::Etc::preferences", "/dev/null");
        Set("Dir::Etc::preferencesparts", "/dev/null");
        Set("Dir::Etc::trusted", "/dev/null");
        Set("Dir::Etc::trustedparts", "/dev/null");
        Set("Dir::State", directory);
        Set("Dir::State::lists", Path.Combine(directory, "lists"));
        Set("Dir::State::status", Path.Combine(directory, "status"));
        Set("Dir::Cache", Path.Combine(directory, "cache"));
        Set("APT::Architecture", architecture);
        Set("APT::Architectures", architecture);
        Set("Acquire::Languages", "none");
        // The store may be readable by root alone; what is fetched is verified all the same.
        Set("APT::Sandbox::User", "root");
        // An index that cannot be fetched is an error, never a reason to go on with an old one.
        Set("APT::Update::Error-Mode", "any");
        settings.AppendJoin('\n', host.ForAnotherApt()).Append('\n');
        Set("Acquire::AllowInsecureRepositories", "false");
        Set("Acquire::AllowDowngradeToInsecureRepositories", "false");
        Set("Acquire::AllowWeakRepositories", "false");
        Set("APT::Get::AllowUnauthenticated", "false");
        return settings.ToString();
    }
}
