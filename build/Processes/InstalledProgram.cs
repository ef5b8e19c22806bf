namespace Dom0Image.Processes;

/// <summary>Finds programs where root finds them, whatever the user's PATH is.</summary>
public static class InstalledProgram
{
    /// <summary>Path of a program, or null when it is not installed.</summary>
    public static string? Find(string name)
        => $"{Environment.GetEnvironmentVariable("PATH")}:/usr/sbin:/sbin".Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Select(directory => Path.Combine(directory, name))
            .FirstOrDefault(File.Exists);
}
