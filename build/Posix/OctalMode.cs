namespace Dom0Image.Posix;

/// <summary>
/// Permission, set-id and sticky bits as people write them: four octal digits, such as <c>0644</c> and <c>1777</c>. C# has no octal
/// numbers: in the code they are binary ones in groups of three, <c>0b110_100_100</c>.
/// </summary>
internal static class OctalMode
{
    private const int Digits = 4;
    private const int Base = 8;

    /// <summary>The text of a mode.</summary>
    public static string Of(int mode) => Convert.ToString(mode, Base).PadLeft(Digits, '0');

    /// <summary>As stat(1) prints it for <c>%a</c>, without zeros in front: for what is compared with that.</summary>
    public static string AsStatPrints(int mode) => Convert.ToString(mode, Base);

    /// <summary>The mode of a text of octal digits.</summary>
    /// <exception cref="FormatException">It holds something else.</exception>
    public static int Parse(string text) => Convert.ToInt32(text, Base);
}
