using System.Collections.Immutable;
using Dom0Image.Boot.Servers;
using Dom0Image.Store;

namespace Dom0Image.Serving.Managers;

/// <summary>The part of this machine that starts servers.</summary>
internal interface IServiceManager
{
    /// <summary>How many of a server's lines are told. dhcpd has a dozen of its own after the one that names the fault.</summary>
    const int LastLines = 20;

    /// <summary>The one that runs here.</summary>
    static IServiceManager Here(StageContext stage) => Directory.Exists("/run/systemd/system") ? new Systemd(stage) : new SystemV(stage);

    /// <summary>Whether a server starts when the machine does.</summary>
    Task<bool> IsEnabledAsync(Service service);

    /// <summary>Has it start when the machine does.</summary>
    Task EnableAsync(Service service);

    /// <summary>
    /// What has to be enabled so that servers wait at boot for the address that they listen at; null where they do. Without it they
    /// fail, and nobody starts them again.
    /// </summary>
    Task<Service?> MissingWaitAsync();

    /// <summary>Has it not start when the machine does.</summary>
    Task DisableAsync(Service service);

    /// <summary>Has the manager read its own files anew.</summary>
    Task ReloadAsync();

    /// <summary>Starts it, anew where it runs.</summary>
    Task RestartAsync(Service service);

    /// <summary>Ends it; one that does not run is no error.</summary>
    Task StopAsync(Service service);

    /// <summary>The last lines that it logged, oldest first, as far as they can be found.</summary>
    Task<ImmutableArray<string>> LastLinesAsync(Service service);

    /// <summary>What a person types to see more.</summary>
    string Inspection(Service service);
}
