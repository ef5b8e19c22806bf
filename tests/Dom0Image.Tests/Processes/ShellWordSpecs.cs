using System.Diagnostics;
using Dom0Image.Menus;
using Dom0Image.Processes;

namespace Dom0Image.Tests.Processes;

internal sealed class ShellWordSpecs
{
    [Test]
    public void A_shell_and_GRUB_read_a_word_as_it_was()
    {
        string[] words = ["", "plain", "with blank", "it's", "'", "$(reboot)", "a\"b\\c", "ä", "*", "-n"];
        using var shell = Process.Start(new ProcessStartInfo("sh", ["-c", $"printf '%s|' {string.Join(' ', words.Select(ShellWord.Of))} {string.Join(' ', words.Select(ShellWord.Quote))}"]) { RedirectStandardOutput = true })!;
        Assert.That(shell.StandardOutput.ReadToEnd(), Is.EqualTo(string.Concat(words.Concat(words).Select(word => word + "|"))));
        Assert.That(words.Select(GrubText.Word), Is.EqualTo(words.Select(ShellWord.Of)), "GRUB's words are the same");
    }

    [Test]
    public void A_command_in_a_message_can_be_pasted()
        => Assert.That(new ToolCommand("cp", "-a", "/a b", "it's").ToString(), Is.EqualTo(@"cp -a '/a b' 'it'\''s'"));
}
