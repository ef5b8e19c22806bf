using Dom0Image.Archive;
using Dom0Image.Posix;
using Dom0Image.Recipes;
using Dom0Image.RootFs;

namespace Dom0Image.Tests.RootFs;

[Category("Integration")]
public sealed class AccountsOfRealSuiteSpecs
{
    [Test]
    public async Task I_can_add_a_package_and_accounts_of_the_others_keep_their_ids_and_what_they_own()
    {
        using var temp = new TempDirectory();
        var (context, _) = BaseLayerHelp.Context(temp.Path);
        async Task<BaseLayer> LayAsync(params string[] packages)
        {
            var recipe = BaseLayerHelp.Recipe("trixie", packages: packages) with { Without = [LeftOut.Docs, LeftOut.Locales, LeftOut.Man] };
            return await BaseLayerStage.MakeAsync(recipe, await MirrorResolver.ResolveAsync(recipe, null, context), context);
        }

        // By adduser in one script, by systemd-sysusers in the other.
        var yesterday = await LayAsync("openssh-client", "uuid-runtime", "systemd-standalone-sysusers");
        var today = await LayAsync("openssh-client", "uuid-runtime", "systemd-standalone-sysusers", "dbus", "at", "tcpdump");
        var lines = (await yesterday.PlanAccountsAsync(AccountIds.None, context)).Proposed;
        Assert.That(lines, Has.Some.StartsWith("group _ssh ").And.Some.StartsWith("user uuidd "));
        var unpinned = (await today.PlanAccountsAsync(AccountIds.None, context)).Proposed;
        Assert.That(unpinned.Intersect(lines), Is.Not.EquivalentTo(lines), "the fault is there: without the file ids move");

        File.WriteAllLines(temp["accounts"], lines);
        var ids = AccountIds.Read(temp["accounts"]);
        var plan = await today.PlanAccountsAsync(ids, context);
        Assert.That(plan.IsEmpty, Is.False);
        var root = temp["root"];
        await today.UnpackAsync(root, context);
        var agent = FileNode.Get($"{root}/usr/bin/ssh-agent");
        AccountRenumbering.Apply(root, plan);

        var owners = ImageOwners.Read(root);
        var after = FileNode.Get($"{root}/usr/bin/ssh-agent");
        Assert.Multiple(() =>
        {
            Assert.That(new AccountChecks(ids).Check(root), Is.Empty);
            Assert.That(owners.FindGroup("_ssh"), Is.EqualTo(ids.Of(AccountKind.Group, "_ssh")));
            Assert.That(owners.FindUser("uuidd"), Is.EqualTo(ids.Of(AccountKind.User, "uuidd")));
            Assert.That((after.Status.st_gid, after.Mode), Is.EqualTo((ids.Of(AccountKind.Group, "_ssh"), agent.Mode)));
            Assert.That(plan.Proposed, Has.Some.StartsWith("user messagebus "));
        });
    }
}
