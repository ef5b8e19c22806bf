using System.Globalization;
using Dom0Image.Diagnostics;
using Dom0Image.Generations;
using Dom0Image.Processes;
using Dom0Image.Stages;

namespace Dom0Image.BootLab.DomU;

/// <summary>
/// A small guest among the domU images: a disk with busybox and a script that answers on the console, its kernel, and
/// its <c>xl</c> configuration.
/// </summary>
/// <param name="Name">Its name; also of its directory among the images.</param>
/// <param name="KernelName">File name of its kernel in that directory.</param>
public sealed record DomUFiles(string Name, string KernelName)
{
    /// <summary>Host program that the guest's disk is filled with; from Debian's <c>busybox-static</c>.</summary>
    public const string Busybox = "/usr/bin/busybox";

    /// <summary>What the guest writes on its console when it is up.</summary>
    public const string Greeting = "boot-test guest is up";

    private const int DiskMegabytes = 8;

    // The shell answers what is typed, which the console's echo alone could not.
    private const string Init = $"""
        #!/bin/busybox sh
        /bin/busybox mount -t proc proc /proc
        /bin/busybox echo "{Greeting} on $(/bin/busybox uname -r), root from $(/bin/busybox sed -n 's/^\(\S*\) \/ ext4.*/\1/p' /proc/mounts)"
        while read -r line; do
            /bin/busybox echo "answer: $line"
        done
        /bin/busybox poweroff -f

        """;

    /// <summary>Where a dom0 sees the directory: the image mounts the export there by itself.</summary>
    public string OnClient => $"{Places.DomUImages}/{Name}";

    /// <summary>Makes the files.</summary>
    /// <param name="images">The directory of images on this machine.</param>
    /// <param name="kernel">The guest's kernel on this machine; one of the generation's.</param>
    /// <param name="context">Tools.</param>
    /// <exception cref="BuildFailedException">busybox or mke2fs is missing.</exception>
    public static async Task<DomUFiles> MakeAsync(string images, string kernel, StageContext context)
    {
        var files = new DomUFiles("boot-test-domu", "kernel");
        var directory = Path.Combine(images, files.Name);
        var tree = Path.Combine(directory, "tree");
        foreach (var name in new[] { "bin", "dev", "proc" })
        {
            Directory.CreateDirectory(Path.Combine(tree, name));
        }

        if (!File.Exists(Busybox))
        {
            throw new BuildFailedException(new Diagnostic($"the boot test's guest needs {Busybox}") { Hint = "Install busybox-static" });
        }

        File.Copy(Busybox, Path.Combine(tree, "bin", "busybox"));
        var init = Path.Combine(tree, "init");
        await File.WriteAllTextAsync(init, Init, context.Cancellation).ConfigureAwait(false);
        foreach (var program in new[] { init, Path.Combine(tree, "bin", "busybox") })
        {
            File.SetUnixFileMode(program, (UnixFileMode)0b111_101_101);
        }

        var disk = Path.Combine(directory, "disk.img");
        await context.RunAsync(new ToolCommand("mke2fs", "-q", "-t", "ext4", "-d", tree, "-L", "boot-test", disk, string.Create(CultureInfo.InvariantCulture, $"{DiskMegabytes}M"))).ConfigureAwait(false);
        Directory.Delete(tree, recursive: true);
        File.Copy(kernel, Path.Combine(directory, files.KernelName));
        return files;
    }

    /// <summary>The <c>xl</c> configuration.</summary>
    /// <param name="device">Block device of dom0 that holds the disk.</param>
    /// <param name="bridge">Bridge of dom0 that its network card is put on.</param>
    public string Configuration(string device, string bridge) => $"""
        name = "{Name}"
        type = "pv"
        memory = 96
        vcpus = 1
        kernel = "{OnClient}/{KernelName}"
        extra = "root=/dev/xvda ro console=hvc0 init=/init panic=5"
        disk = [ "phy:{device},xvda,r" ]
        vif = [ "bridge={bridge}" ]
        on_poweroff = "destroy"
        on_reboot = "destroy"
        on_crash = "destroy"

        """;
}
