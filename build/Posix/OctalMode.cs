namespace Dom0Image.Posix;

/// <summary>Permission, set-id and sticky bits as people write them: four octal digits, such as <c>0644</c> and <c>1777</c>.</summary>
internal static class OctalMode
{
    private const int Digits = 4;
    private const int Base = 8;

    /// <summary>The text of a mode.</summary>
    public static string Of(int mode) => Convert.ToString(mode, Base).PadLeft(Digits, '0');

    /// <summary>The mode of a text of octal digits.</summary>
    /// <exception cref="FormatException">It holds something else.</exception>
    public static int Parse(string text) => Convert.ToInt32(text, Base);
}
