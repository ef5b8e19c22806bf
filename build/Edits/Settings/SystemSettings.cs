using Dom0Image.Edits.Layers;
using Dom0Image.Recipes;

namespace Dom0Image.Edits.Settings;

/// <summary>Gives an image what a layer told dpkg and the init system by name.</summary>
/// <param name="settings">The layer's.</param>
/// <param name="init">The init system.</param>
/// <param name="tools">The image's tools.</param>
internal sealed class SystemSettings(LayerSettings settings, InitSystem init, LayerTools tools)
{
    private const string Admin = "/var/lib/dpkg";
    private const int LinesOfDiversion = 3;

    /// <summary>What moves files of packages, or gives them owners and modes: before the layer's own files come.</summary>
    public async Task ApplyToPackagesAsync()
    {
        var diverted = tools.Lines($"{Admin}/diversions").Chunk(LinesOfDiversion).Where(lines => lines.Length == LinesOfDiversion).ToDictionary(lines => lines[0], lines => lines[1]);
        foreach (var (path, to) in settings.Diversions)
        {
            if (to is null ? diverted.ContainsKey(path) : diverted.GetValueOrDefault(path) != to)
            {
                await tools.RunAsync($"diversion of {path}", "dpkg-divert", to is null
                    ? ["--local", "--rename", "--remove", path]
                    : ["--local", "--rename", "--divert", to, "--add", path]).ConfigureAwait(false);
            }
        }

        var overridden = tools.Lines($"{Admin}/statoverride").Select(line => line.Split(' ', 4)).Where(words => words.Length == 4).GroupBy(words => words[3]).ToDictionary(same => same.Key, same => string.Join(' ', same.First().Take(3)));
        foreach (var (path, value) in settings.StatOverrides)
        {
            if (value is null ? overridden.ContainsKey(path) : overridden.GetValueOrDefault(path) != value)
            {
                await tools.RunAsync($"owner and mode of {path}", "dpkg-statoverride", value is null
                    ? ["--force-all", "--remove", path]
                    : ["--force-all", "--update", "--add", .. value.Split(' '), path]).ConfigureAwait(false);
            }
        }
    }

    /// <summary>What names files that the layer may have brought.</summary>
    public async Task ApplyToFilesAsync()
    {
        foreach (var (name, path) in settings.Alternatives)
        {
            await tools.RunAsync($"alternative {name}", "update-alternatives", ["--log", "/dev/null", .. path == "auto" ? (string[])["--auto", name] : ["--set", name, path]]).ConfigureAwait(false);
        }

        foreach (var (name, starts) in settings.Services)
        {
            var how = starts ? "enable" : "disable";
            await (init is InitSystem.Systemd
                ? tools.RunAsync($"service {name}", "systemctl", how, "--", name)
                : tools.RunAsync($"service {name}", "update-rc.d", name, how)).ConfigureAwait(false);
        }
    }
}
