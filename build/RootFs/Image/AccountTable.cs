using System.Collections.Immutable;
using System.Globalization;

namespace Dom0Image.RootFs.Image;

/// <summary>Names and numbers of an /etc/passwd or /etc/group.</summary>
internal static class AccountTable
{
    private const int IdField = 2;

    /// <summary>Each name's number; lines that are none are left out.</summary>
    public static ImmutableDictionary<string, uint> Read(string text)
    {
        var table = ImmutableDictionary.CreateBuilder<string, uint>(StringComparer.Ordinal);
        foreach (var fields in text.Split('\n').Select(line => line.Split(':')))
        {
            if (fields.Length > IdField && uint.TryParse(fields[IdField], NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                table[fields[0]] = number;
            }
        }

        return table.ToImmutable();
    }

    /// <summary>The text with other numbers.</summary>
    /// <param name="text">Of an /etc/passwd or /etc/group.</param>
    /// <param name="maps">For each field that holds a number, its new ones by the old.</param>
    public static string Renumber(string text, params (int Field, ImmutableSortedDictionary<uint, uint> Ids)[] maps)
        => string.Join('\n', text.Split('\n').Select(line =>
        {
            var fields = line.Split(':');
            foreach (var (field, ids) in maps)
            {
                if (fields.Length > field && uint.TryParse(fields[field], NumberStyles.None, CultureInfo.InvariantCulture, out var number) && ids.TryGetValue(number, out var other))
                {
                    fields[field] = other.ToString(CultureInfo.InvariantCulture);
                }
            }

            return string.Join(':', fields);
        }));
}
