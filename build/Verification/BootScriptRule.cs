using Dom0Image.Posix;
using Dom0Image.Recipes;
using Dom0Image.RootFs.Flash;
using Dom0Image.RootFs.Image;
using Dom0Image.RootFs.RamTree;

namespace Dom0Image.Verification;

/// <summary>Checks that the image's init starts, and starts in time, what builds a client's RAM tree and gives it its identity.</summary>
internal sealed class BootScriptRule : IImageRule
{
    private const string Again = "Build the image again; when it was edited by hand or by an overlay, that broke it";
    private const string Units = "/usr/lib/systemd/system";

    // What systemd reads before ours; see systemd.unit(5).
    private static readonly string[] Before = ["/etc/systemd/system.control", "/etc/systemd/system", "/etc/systemd/system.attached", "/usr/local/lib/systemd/system"];

    private const int AllMayRun = 0b001_001_001;

    /// <inheritdoc/>
    public IEnumerable<Finding> Check(CheckedImage image)
    {
        var (root, recipe) = (image.Root, image.Recipe);
        if (FileNode.Find(ContainedPath.Resolve(root, FlashPaths.Aside)) is not { IsDirectory: true })
        {
            yield return new Finding(FindingKind.RamTreeAside, FlashPaths.Aside, "is not there, and clients make their RAM tree on it", Again);
        }

        if (RamTreeScripts.NeedsDevices(recipe) && FileNode.Find(ContainedPath.Resolve(root, FlashPaths.Devices)) is not { IsFile: true, Size: > 0 })
        {
            yield return new Finding(FindingKind.RamTreeDevices, FlashPaths.Devices, "is not there, and this suite's kernels make no device nodes", Again);
        }

        foreach (var (service, script) in new[] { (RamTreeScripts.RamTree, RamTreeScripts.RamTreeScript(recipe)), (RamTreeScripts.Identity, RamTreeScripts.IdentityScript(recipe)) })
        {
            var place = recipe.Init == InitSystem.Systemd ? $"{FlashPaths.Support}/{service}" : $"/etc/init.d/{service}";
            if (Fault(root, place, script) is { } fault)
            {
                yield return new Finding(FindingKind.BootScript, place, fault, Again);
            }
            else
            {
                foreach (var finding in recipe.Init == InitSystem.Systemd ? Systemd(root, service) : SystemV(root, service))
                {
                    yield return finding;
                }
            }
        }

        if (recipe.Init == InitSystem.Sysvinit && SysvOrder.Early(root) is { } early)
        {
            yield return new Finding(FindingKind.BootScriptLate, "/etc/rcS.d", $"is in the wrong order: {early}", "What is started earlier would write to the read-only root; look at its LSB header");
        }
    }

    private static string? Fault(string root, string place, string script)
        => FileNode.Find(ContainedPath.Resolve(root, place)) is not { IsFile: true } file ? "is not there"
            : (file.Mode & AllMayRun) != AllMayRun ? $"cannot be run by init (mode {OctalMode.Of(file.Mode)})"
            : !Lines(File.ReadAllText(file.Path)).SequenceEqual(Lines(script)) ? "is not what the recipe makes it"
            : null;

    // Without the line that depends on what else there was when it was installed.
    private static IEnumerable<string> Lines(string script) => script.Split('\n').Where(line => !line.StartsWith("# X-Start-Before:", StringComparison.Ordinal));

    private static IEnumerable<Finding> SystemV(string root, string service)
    {
        if (SysvOrder.NotStarted(root, service) is { } why)
        {
            yield return new Finding(FindingKind.BootScriptNotStarted, $"/etc/init.d/{service}", $"is not started by init: {why}", Again);
        }
    }

    private static IEnumerable<Finding> Systemd(string root, string service)
    {
        var unit = $"{Units}/{service}.service";
        if (FileNode.Find(ContainedPath.Resolve(root, unit)) is not { IsFile: true } file || File.ReadAllText(file.Path) != RamTreeScripts.Unit(service))
        {
            yield return new Finding(FindingKind.BootUnit, unit, "is not there, or not what the pipeline makes it", Again);
        }
        else if (Before.Select(place => $"{place}/{service}.service").FirstOrDefault(name => FileNode.Find(ContainedPath.ResolveName(root, name)) is not null) is { } other)
        {
            yield return new Finding(FindingKind.BootUnit, other, $"stands in for {unit}", "Delete it: no other unit makes the RAM tree");
        }
        else if (DropIns(root, service).FirstOrDefault() is { } dropIn)
        {
            yield return new Finding(FindingKind.BootUnit, dropIn, $"changes {unit}", "Delete it: what makes the RAM tree is as the pipeline makes it");
        }
        else if (!ContainedPath.Exists(root, $"{Units}/sysinit.target.wants/{service}.service") || !ContainedPath.Exists(root, $"{Units}/sysinit.target"))
        {
            yield return new Finding(FindingKind.BootScriptNotStarted, unit, $"is not started by init: {Units}/sysinit.target does not want it", Again);
        }
    }

    // Of the unit, of all units whose names begin like it up to a dash, and of all services.
    private static IEnumerable<string> DropIns(string root, string service)
        => from place in Before.Append(Units)
           from unit in service.Select((c, i) => c == '-' ? service[..(i + 1)] + ".service" : null).OfType<string>().Append("service").Append($"{service}.service")
           where FileNode.Find(ContainedPath.Resolve(root, $"{place}/{unit}.d")) is { IsDirectory: true }
           from file in FileNode.Get(ContainedPath.Resolve(root, $"{place}/{unit}.d")).Children()
           where file.Path.EndsWith(".conf", StringComparison.Ordinal)
           select $"{place}/{unit}.d/{Path.GetFileName(file.Path)}";
}
