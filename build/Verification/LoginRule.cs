using Dom0Image.Posix;
using Dom0Image.RootFs.Image;

namespace Dom0Image.Verification;

/// <summary>Checks that nobody logs in to an image without a password, but root where the site says so.</summary>
internal sealed class LoginRule : IImageRule
{
    private const string Passwd = "/etc/passwd";
    private const string Shadow = "/etc/shadow";
    private const string Root = "root";

    /// <inheritdoc/>
    public IEnumerable<Finding> Check(CheckedImage image)
    {
        var (root, site) = (image.Root, image.Site);
        foreach (var file in new[] { Passwd, Shadow })
        {
            var fields = FieldsOf(root, file);
            if (!fields.Any(field => field.User == Root))
            {
                yield return new Finding(FindingKind.AccountsUnreadable, file, "has no line for root, so that nothing can be told of who may log in", "Is the base layer whole? Its packages passwd and base-passwd make it");
            }

            foreach (var user in fields.Where(field => field.Password.Length == 0).Select(field => field.User).Distinct())
            {
                if (user != Root)
                {
                    yield return file == Shadow
                        ? new Finding(FindingKind.UserWithoutPassword, file, $"lets '{user}' log in without a password", "Whatever made the account must give it a password, or '*'")
                        : new Finding(FindingKind.PasswdWithoutPassword, file, $"lets '{user}' log in without a password, whatever {Shadow} says", "The second field of its line is to be 'x'");
                }
                else if (!site.RootLogin.EmptyPasswordAllowed)
                {
                    yield return new Finding(FindingKind.RootWithoutPassword, file, "lets root log in without a password, and the site does not say so", "Give the site a password hash or a key for root");
                }
            }
        }
    }

    private static List<(string User, string Password)> FieldsOf(string root, string file)
    {
        var path = ContainedPath.Resolve(root, file);
        return FileNode.Find(path) is { IsFile: true } ? PasswordFields.Read(File.ReadLines(path)) : [];
    }
}
