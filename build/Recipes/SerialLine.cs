using System.Globalization;
using System.Text.RegularExpressions;

namespace Dom0Image.Recipes;

/// <summary>A serial console, and how each program of the boot chain is told about it.</summary>
/// <param name="Port">Port, from 0: <c>ttyS0</c>, Xen's <c>com1</c>.</param>
/// <param name="Speed">Bits per second.</param>
internal sealed partial record SerialLine(int Port, int Speed)
{
    /// <summary>Reads <c>port,speed</c>, such as <c>0,115200</c>; null when it is no line that <see cref="SerialSettings"/> knows.</summary>
    public static SerialLine? Parse(string text)
    {
        var match = Form().Match(text);
        return match.Success && new SerialLine(Number(match.Groups[1]), Number(match.Groups[2])) is var line
            && SerialSettings.Ports.Contains(line.Port) && SerialSettings.Speeds.Contains(line.Speed)
            ? line
            : null;
    }

    /// <summary>Lines for GRUB: on the serial port and the screen, where the port exists.</summary>
    public IEnumerable<string> GrubLines =>
    [
        $"if serial --unit={Port} --speed={Speed} --word=8 --parity=no --stop=1; then",
        "  terminal_input console serial",
        "  terminal_output console serial",
        "fi",
    ];

    /// <summary>Options for Xen.</summary>
    public IEnumerable<string> XenOptions => [$"com{Port + 1}={Speed},8n1", $"console=com{Port + 1},vga"];

    /// <summary>Option for a kernel without Xen; a kernel under Xen takes <c>hvc0</c>.</summary>
    public string KernelOption => $"console=ttyS{Port},{Speed}n8";

    [GeneratedRegex(@"\A([0-9]),([1-9][0-9]{3,5})\z")]
    private static partial Regex Form();

    private static int Number(Group group) => int.Parse(group.Value, CultureInfo.InvariantCulture);
}
