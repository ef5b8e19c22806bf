using System.Globalization;
using Dom0Image.Edits.Layers;
using Dom0Image.RootFs.Image;

namespace Dom0Image.Edits.Settings;

/// <summary>Gives an image the users, groups and passwords of a layer, with the ids that they have there: files of the layer belong to them.</summary>
/// <param name="settings">The layer's.</param>
/// <param name="tools">The image's tools.</param>
internal sealed class AccountSettings(LayerSettings settings, LayerTools tools)
{
    private const string Passwd = "/etc/passwd";
    private const string Group = "/etc/group";
    private const string Shadow = "/etc/shadow";
    private const int LastChange = 2;

    /// <summary>Applies them.</summary>
    public async Task ApplyAsync()
    {
        var days = tools.Table(Shadow).ToDictionary(user => user.Key, user => user.Value[LastChange]);
        await RemoveAsync().ConfigureAwait(false);
        foreach (var (name, id) in settings.Groups)
        {
            await SetGroupAsync(name, Text(id)).ConfigureAwait(false);
        }

        foreach (var user in settings.Users)
        {
            await SetUserAsync(user).ConfigureAwait(false);
        }

        foreach (var member in settings.Members)
        {
            await SetMemberAsync(member).ConfigureAwait(false);
        }

        SetPasswords(days);
    }

    private async Task RemoveAsync()
    {
        foreach (var name in settings.RemovedUsers.Where(tools.Table(Passwd).ContainsKey))
        {
            await tools.RunAsync($"user {name} (removed)", "userdel", "--", name).ConfigureAwait(false);
        }

        foreach (var name in settings.RemovedGroups)
        {
            if (tools.Table(Group).ContainsKey(name))
            {
                await tools.RunAsync($"group {name} (removed)", "groupdel", "--", name).ConfigureAwait(false);
            }
        }
    }

    private async Task SetGroupAsync(string name, string id)
    {
        var groups = tools.Table(Group);
        var there = groups.GetValueOrDefault(name);
        if (there?[2] == id)
        {
            return;
        }

        if (groups.Values.FirstOrDefault(row => row[2] == id) is { } other)
        {
            tools.Refuse($"group {name}", $"its id {id} is that of group '{other[0]}' in the base");
            return;
        }

        await tools.RunAsync($"group {name}", there is null ? "groupadd" : "groupmod", "--gid", id, "--", name).ConfigureAwait(false);
    }

    private async Task SetUserAsync(UserSetting user)
    {
        var users = tools.Table(Passwd);
        var there = users.GetValueOrDefault(user.Name);
        var id = Text(user.Uid);
        if (there?[2] != id && users.Values.FirstOrDefault(row => row[2] == id) is { } other)
        {
            tools.Refuse($"user {user.Name}", $"its id {id} is that of user '{other[0]}' in the base");
            return;
        }

        if (!tools.Table(Group).TryGetValue(user.Group, out var group) && uint.TryParse(user.Group, NumberStyles.None, CultureInfo.InvariantCulture, out _) is false)
        {
            tools.Refuse($"user {user.Name}", $"its group '{user.Group}' is not in the base");
            return;
        }

        if (there is not null && there.Skip(2).SequenceEqual([id, group?[2] ?? user.Group, user.Comment, user.Home, user.Shell]))
        {
            return;
        }

        string[] same = ["--uid", id, "--gid", user.Group, "--comment", user.Comment, "--shell", user.Shell];
        await (there is null
            ? tools.RunAsync($"user {user.Name}", "useradd", ["--no-create-home", "--no-log-init", "--no-user-group", "--home-dir", user.Home, .. same, "--", user.Name])
            : tools.RunAsync($"user {user.Name}", "usermod", ["--home", user.Home, .. same, "--", user.Name])).ConfigureAwait(false);
    }

    private async Task SetMemberAsync(MemberSetting member)
    {
        var what = $"{member.User} in group {member.Group}";
        if (!tools.Table(Passwd).ContainsKey(member.User) || tools.Table(Group).GetValueOrDefault(member.Group) is not { } group)
        {
            if (member.IsMember)
            {
                tools.Refuse(what, "the base has no such user or group");
            }

            return;
        }

        if (group[^1].Split(',').Contains(member.User) != member.IsMember)
        {
            await tools.RunAsync(what, "gpasswd", member.IsMember ? "--add" : "--delete", member.User, member.Group).ConfigureAwait(false);
        }
    }

    // Hashes stand in no argument that others could see. No day: a read-only file cannot follow it, and two builds would differ.
    private void SetPasswords(Dictionary<string, string> days)
    {
        IEnumerable<string> lines = tools.Lines(Shadow);
        foreach (var (user, password) in settings.Passwords)
        {
            if (PasswordFields.Read(lines).Any(field => field.User == user))
            {
                lines = PasswordFields.Replace(lines, user, password).TrimEnd('\n').Split('\n');
            }
            else
            {
                tools.Refuse($"password of {user}", "the base has no such user");
            }
        }

        string[] settled = [.. lines.Select(line => line.Split(':') is [var name, _, _, ..] fields ? string.Join(':', fields.Select((field, index) => index == LastChange ? days.GetValueOrDefault(name, "") : field)) : line)];
        if (!settled.SequenceEqual(tools.Lines(Shadow)))
        {
            tools.Write(Shadow, settled);
        }
    }

    private static string Text(uint id) => id.ToString(CultureInfo.InvariantCulture);
}
