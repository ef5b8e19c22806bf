using System.Collections.Immutable;
using Dom0Image.Boot;
using Dom0Image.Boot.Tftp;
using Dom0Image.BootLab.Clients;
using Dom0Image.Generations;

namespace Dom0Image.BootTesting.Checks;

/// <summary>Whether a client fetched the microcode of its generation. Whether a processor took it no client of the lab can show.</summary>
internal static class MicrocodeChecks
{
    /// <summary>The check of one client; none where the generation has no microcode.</summary>
    /// <param name="boot">What it booted.</param>
    /// <param name="requests">Files that it asked for over TFTP.</param>
    public static ImmutableArray<CheckResult> Of(GenerationBoot boot, IEnumerable<TftpRequest> requests)
    {
        if (!boot.HasMicrocode)
        {
            return [];
        }

        var file = $"{Places.TftpOf(boot.GenerationId)}/{GenerationTree.MicrocodeName}";
        var fetched = requests.Any(request => "/" + request.File.TrimStart('/') == file);
        return [new CheckResult("microcode-fetched", fetched, fetched ? file : $"it did not ask for {file}")];
    }
}
