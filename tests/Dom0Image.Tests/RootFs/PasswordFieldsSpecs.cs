using Dom0Image.BootLab;
using Dom0Image.RootFs.Image;

namespace Dom0Image.Tests.RootFs;

internal sealed class PasswordFieldsSpecs
{
    private static readonly string[] Lines = ["root:*:20000:0:99999:7:::", "rooter:x:1", "+nis::", "-@out::", "", "nonsense", "open::20000"];

    [Test]
    public void I_am_told_of_users_and_not_of_what_NIS_has()
        => Assert.That(PasswordFields.Read(Lines), Is.EqualTo(new[] { ("root", "*"), ("rooter", "x"), ("open", "") }));

    [Test]
    public void One_user_gets_another_password_and_all_else_stays()
        => Assert.That(PasswordFields.Replace(Lines, "root", "$6$hash"), Is.EqualTo("root:$6$hash:20000:0:99999:7:::\nrooter:x:1\n+nis::\n-@out::\n\nnonsense\nopen::20000\n"));

    [Test]
    public void A_line_without_fields_stays_too() => Assert.That(PasswordFields.Replace(["root"], "root", "x"), Is.EqualTo("root\n"));

    [Test]
    public void The_lab_lets_root_in_and_nobody_else()
        => Assert.That(LabLogin.Shadow(Lines).Split('\n')[..^1].Skip(1), Is.EqualTo(Lines.Skip(1)));
}
