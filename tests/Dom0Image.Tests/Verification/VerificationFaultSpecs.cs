using Dom0Image.Recipes;
using Dom0Image.Verification;

namespace Dom0Image.Tests.Verification;

/// <summary>Every kind of finding, with a fault that is really there, under both inits: a rule that passes there sees nothing.</summary>
internal sealed class VerificationFaultSpecs
{
    // Kinds that only one init can have.
    private static readonly FindingKind[] OfOneInit = [FindingKind.InitTable, FindingKind.BootScriptLate, FindingKind.BootUnit, FindingKind.MachineIdMissing];

    // What is said of a menu, which nobody looks into gladly.
    private static readonly Dictionary<FindingKind, string> Words = new()
    {
        [FindingKind.MenuLink] = "which is no menu of this set",
        [FindingKind.MenuNextMissing] = "which is not there",
        [FindingKind.MenuOtherFile] = "not of generation",
        [FindingKind.MenuFileMissing] = "is not there",
        [FindingKind.MenuOtherRoot] = "is not the root of generation",
        [FindingKind.MenuOtherServer] = ", and its root is (tftp,192.168.0.5)",
        [FindingKind.MenuTwoRoots] = "more than one root",
        [FindingKind.MenuWithoutRoot] = "no root over NFS",
        [FindingKind.MenuUntold] = "only GRUB can tell",
        [FindingKind.ModulesMissing] = WholeGeneration.Release,
        [FindingKind.MicrocodeNotHanded] = "microcode.cpio",
    };

    private static readonly PlantedFault[] Faults = [.. PlantedFaults.All(), .. GenerationFaults.All(), .. MenuFaults.All()];

    [TestCase(InitSystem.Sysvinit)]
    [TestCase(InitSystem.Systemd)]
    public async Task I_can_publish_a_generation_in_which_all_is_right(InitSystem init)
    {
        using var whole = await WholeGeneration.MakeAsync(init);

        Assert.That(whole.Verify(), Is.Empty);
    }

    [TestCase(InitSystem.Sysvinit)]
    [TestCase(InitSystem.Systemd)]
    public async Task I_can_publish_a_generation_with_microcode_in_which_all_is_right(InitSystem init)
    {
        using var whole = await WholeGeneration.MakeAsync(init, recipe => recipe with { Microcode = [CpuVendor.Amd] });

        Assert.That(whole.Verify(), Is.Empty);
    }

    [Test]
    public async Task Nothing_is_found_in_what_a_menu_only_says()
    {
        using var whole = await WholeGeneration.MakeAsync(InitSystem.Sysvinit);

        whole.EditMenu("dom0.conf", text => $"# linux /generations/trixie-000000000000/kernels/old nfsroot=192.168.0.7:/elsewhere\n{text}");

        Assert.That(whole.Verify(), Is.Empty);
    }

    [TestCaseSource(nameof(Cases))]
    public async Task I_am_told_of(object planted, InitSystem init)
    {
        var fault = (PlantedFault)planted;
        using var whole = await WholeGeneration.MakeAsync(init, fault.From);

        fault.Plant(whole);
        if (fault.Packed)
        {
            whole.Pack();
        }

        var found = whole.Verify();

        Assert.That(found.Select(finding => (finding.Kind, finding.ImagePath)).Distinct(), Is.EqualTo(new[] { (fault.Kind, fault.Path) }), string.Join('\n', found));
        Assert.That(found.Select(finding => finding.What), Is.All.Not.Empty);
        Assert.That(found.Select(finding => finding.Hint), Is.All.Not.Null.And.All.Not.Empty);
        if (Words.GetValueOrDefault(fault.Kind) is { } words)
        {
            Assert.That(found.Select(finding => finding.What), Is.All.Contain(words));
        }
    }

    [TestCaseSource(nameof(Kinds))]
    public void I_have_a_planted_fault_for(FindingKind kind)
    {
        var inits = Faults.Where(fault => fault.Kind == kind).SelectMany(fault => fault.Only is { } only ? [only] : Enum.GetValues<InitSystem>()).Distinct();

        Assert.That(inits.Count(), Is.EqualTo(OfOneInit.Contains(kind) ? 1 : 2));
    }

    private static FindingKind[] Kinds() => Enum.GetValues<FindingKind>();

    private static IEnumerable<TestCaseData> Cases()
        => from fault in Faults
           from init in Enum.GetValues<InitSystem>()
           where fault.Only is null || fault.Only == init
           select new TestCaseData(fault, init).SetName($"I_am_told_of_{fault.Name.Replace(' ', '_').Replace('/', '_')}_under_{init}");
}
