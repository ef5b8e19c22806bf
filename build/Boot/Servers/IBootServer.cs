using System.Collections.Immutable;
using Dom0Image.Diagnostics;
using Dom0Image.Recipes;
using Dom0Image.Store;

namespace Dom0Image.Boot.Servers;

/// <summary>One of the servers that clients boot from: all that is true of it and of no other.</summary>
internal interface IBootServer
{
    /// <summary>What it is, such as <c>NFS server</c>.</summary>
    string Kind { get; }

    /// <summary>What init knows it as.</summary>
    Service Service { get; }

    /// <summary>Debian's packages of it.</summary>
    ImmutableArray<string> Packages => [Service.Name];

    /// <summary>What its packages are needed for.</summary>
    string Purpose => Kind;

    /// <summary>The files that it reads.</summary>
    ImmutableArray<ServerFile> Files { get; }

    /// <summary>When the one that runs was started; null where none does.</summary>
    DateTime? RunningSince { get; }

    /// <summary>Tells it to read again those of its files of which it can, and to go on with its clients.</summary>
    Task ReadAgainAsync(StageContext stage) => throw new NotSupportedException($"{Service.Name} reads its files only when it starts");

    /// <summary>Asks it, as a client would, for what it is there for.</summary>
    /// <returns>What is wrong, with the cure; empty where it does its work.</returns>
    Task<ImmutableArray<Diagnostic>> AskAsync(Served served, StageContext stage);

    /// <summary>What is not wrong with it, and a person should know.</summary>
    IEnumerable<Diagnostic> Notes(Site site) => [];

    /// <summary>What a lab starts, in the foreground; nothing where it cannot run there, or was given no file.</summary>
    IEnumerable<ServerInLab> InLab(LabGround lab) => [];

    /// <summary>Whether it reads a file.</summary>
    sealed bool Reads(string place) => Files.Any(file => file.Place == place);

    /// <summary>Whether it reads one of its files again when it is told to; all others it reads when it starts.</summary>
    sealed bool ReadsAgain(string place) => Files.Any(file => file.Place == place && file.ReadAgain);
}
