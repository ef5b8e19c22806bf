using System.Net;
using Dom0Image.CommandLine;
using Dom0Image.Generations;
using Dom0Image.Pruning;
using Dom0Image.Tests.Boot;
using Dom0Image.Tests.Generations;

namespace Dom0Image.Tests.Pruning;

/// <summary>A place with generations of one recipe, publications, and a TFTP server's log below its prefix.</summary>
internal sealed class PrunedPlace : IDisposable
{
    private readonly Workshop _workshop = new();
    private readonly Sample _sample = new();
    private int _sets;

    public Places Places => _sample.Places;

    public IEnumerable<string> Told => _workshop.Told;

    public string this[string place] => _sample[place];

    public string Recipes => _sample.Temp.Make("recipes");

    public static string Id(string name) => GenerationAssembler.IdOf("trixie", Sample.Key(name));

    public void Finish(params string[] names)
    {
        foreach (var name in names)
        {
            using var staged = new GenerationAssembler(Places).Begin(Id(name));
            File.WriteAllText(Path.Combine(staged.RootDirectory, "version"), name);
            staged.Seal(_sample.Parts(name) with { RecipeName = "trixie" });
            staged.Finish();
        }
    }

    /// <summary>Makes and publishes generations, one after the other; menus that are replaced are as of a time long ago.</summary>
    public void Publish(params string[] names)
    {
        foreach (var name in names)
        {
            if (!new GenerationAssembler(Places).Exists(Id(name)))
            {
                Finish(name);
            }

            var built = _sample.Temp.Make($"menus-{++_sets}");
            File.WriteAllText(Path.Combine(built, "dom0.conf"), $"linux /generations/{Id(name)}/kernels/kernel-6.12-xen root=/dev/nfs nfsroot=192.0.2.1:{Places.RootOf(Id(name))},vers=3\n");
            new Publication(Places).Publish(new PublicationRequest(Id(name), new MenuSet($"{_sets:x12}", built)));
            foreach (var set in Directory.GetDirectories(this[Places.Menus]).Where(set => Path.GetFileName(set) != $"{_sets:x12}"))
            {
                Directory.SetLastWriteTimeUtc(set, DateTime.UtcNow.AddDays(-30));
            }
        }
    }

    /// <summary>Logs that a client loaded a generation's kernel, now.</summary>
    public void Load(string client, string name)
    {
        var log = this["/var/log/syslog"];
        Directory.CreateDirectory(Path.GetDirectoryName(log)!);
        File.AppendAllText(log, $"{DateTimeOffset.Now:O} server in.tftpd[77]: RRQ from {IPAddress.Parse(client)} filename /generations/{Id(name)}/kernels/kernel-6.12-xen\n");
    }

    public Task<PrunePlan> PlanAsync(params string[] options)
        => new PruneJob(Places, _workshop.Context).PlanAsync(
            OptionParser.Parse(new Dictionary<string, ICollection<string>>(options.Append("--newest=1").Select(option => option.TrimStart('-').Split('=')).GroupBy(words => words[0]).ToDictionary(
                words => words.Key, words => (ICollection<string>)[.. words.Take(1).Select(word => word.ElementAtOrDefault(1) ?? "")]))),
            Sites.OneServer(),
            Recipes);

    /// <summary>The names of what a plan deletes.</summary>
    public async Task<IEnumerable<string>> DoomedAsync(params string[] options) => (await PlanAsync(options)).Doomed.Select(info => info.Id);

    public IReadOnlyList<string> Delete(PrunePlan plan) => new PruneJob(Places, _workshop.Context).Delete(plan);

    public void Dispose()
    {
        _sample.Dispose();
        _workshop.Dispose();
    }
}
