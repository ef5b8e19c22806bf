using Cake.Core;
using Cake.Core.Configuration;
using Cake.Core.IO;
using Spectre.Console.Cli;

namespace Cake.Frosting.Internal;

/// <summary>Cake's configuration: its file, <c>CAKE_*</c> variables and the command line.</summary>
internal sealed class HostConfiguration(IFileSystem files, ICakeEnvironment environment, IRemainingArguments remaining) : ICakeConfiguration
{
    private readonly ICakeConfiguration _configuration = new CakeConfigurationProvider(files, environment).CreateConfiguration(
        environment.WorkingDirectory,
        remaining.Parsed.ToDictionary(option => option.Key, option => option.FirstOrDefault() ?? ""));

    public string GetValue(string key) => _configuration.GetValue(key);
}
