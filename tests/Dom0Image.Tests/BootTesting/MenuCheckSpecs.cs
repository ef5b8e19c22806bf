using System.Net;
using Dom0Image.Boot;
using Dom0Image.Boot.Tftp;
using Dom0Image.BootTesting.Checks;
using Dom0Image.Recipes;
using Dom0Image.Tests.BootLab;

namespace Dom0Image.Tests.BootTesting;

internal sealed class MenuCheckSpecs
{
    private static readonly BootHost Host = LabSiteSpecs.Site().Hosts[0];

    // What GRUB asks for: what is there is asked for twice, for its size and to be read.
    [TestCase("/grub/daily/post01.conf /grub/daily/by-mac/52:54:00:00:01:01.conf /grub/daily/default.conf /grub/post01.conf /grub/post01.conf /generations/x/kernels/k", ExpectedResult = true)]
    [TestCase("/grub/daily/by-mac/52:54:00:00:01:01.conf /grub/daily/default.conf /grub/by-mac/52:54:00:00:01:01.conf /grub/by-mac/52:54:00:00:01:01.conf", ExpectedResult = true, TestName = "By its MAC, as under UEFI")]
    [TestCase("/grub/daily/default.conf /grub/post01.conf /grub/by-mac/52:54:00:00:01:01.conf /grub/default.conf /grub/default.conf", ExpectedResult = false, TestName = "The menu of hosts that are not listed")]
    [TestCase("/grub/post02.conf /grub/post02.conf", ExpectedResult = false)]
    [TestCase("boot/grub/i386-pc/core.0", ExpectedResult = false)]
    public bool I_am_told_when_a_client_read_a_menu_that_is_not_its_own(string files) => Passes(throughDaily: false, files);

    [TestCase("/grub/daily/post01.conf /grub/daily/post01.conf /grub/post01.conf /grub/post01.conf", ExpectedResult = true)]
    [TestCase("/grub/daily/post01.conf /grub/daily/by-mac/52:54:00:00:01:01.conf /grub/daily/default.conf /grub/daily/default.conf /grub/default.conf /grub/default.conf", ExpectedResult = false)]
    [TestCase("/grub/daily/post01.conf /grub/daily/by-mac/52:54:00:00:01:01.conf /grub/daily/default.conf /grub/post01.conf /grub/post01.conf", ExpectedResult = false, TestName = "Past the daily menu")]
    public bool Both_menus_are_its_own_where_there_is_a_daily_one(string files) => Passes(throughDaily: true, files);

    [TestCase(true, "/generations/x/kernels/k /generations/x/microcode.cpio", ExpectedResult = "True")]
    [TestCase(true, "generations/x/microcode.cpio", ExpectedResult = "True")]
    [TestCase(true, "/generations/x/kernels/k /generations/y/microcode.cpio", ExpectedResult = "False")]
    [TestCase(false, "/generations/x/kernels/k", ExpectedResult = "")]
    public string I_am_told_when_a_client_did_not_fetch_the_microcode_of_its_generation(bool has, string files)
        => string.Join(' ', MicrocodeChecks.Of(new GenerationBoot("x", [], null) { HasMicrocode = has }, Requests(files)).Select(check => check.Passed));

    private static IEnumerable<TftpRequest> Requests(string files) => files.Split(' ').Select(f => new TftpRequest(IPAddress.Loopback, f));

    private static bool Passes(bool throughDaily, string files)
        => MenuChecks.Of(Host, throughDaily, Requests(files)).All(c => c.Passed);
}
