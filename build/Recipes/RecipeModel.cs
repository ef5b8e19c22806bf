using System.Collections.Immutable;
using Dom0Image.Diagnostics;
using Dom0Image.Recipes.Model;

namespace Dom0Image.Recipes;

/// <summary>What a recipe's file may say, declared once for the reader and the schema.</summary>
internal static class RecipeModel
{
    private static readonly WordShape<string> SuiteName = new("Debian suite", [.. Suites.All.Select(s => (s, s))])
    {
        HintFor = FirstWords.OfSuite,
    };

    private static readonly ScalarShape<string> ArchiveSuite = new("archive suite", "trixie-security", "^[a-z][a-z0-9-]*(/[a-z]+)?$", text => text);

    private static readonly Field<string> Suite = Field<string>.Needed("suite", SuiteName, "The Debian release that the image is made of.");

    private static readonly Field<string> Architecture = Field<string>.Optional(
        "architecture", new WordShape<string>("architecture", ("amd64", "amd64"), ("i386", "i386")) { HintFor = FirstWords.OfArchitecture }, "amd64",
        "Debian architecture; i386 for etch only. Default: amd64.");

    private static readonly Field<ImmutableArray<string>> Archives = Field<ImmutableArray<string>>.Optional(
        "archives", new ListShape<string>("archive suites", ArchiveSuite, 1), [],
        "Archive suites that packages come from, the release itself first. Default: the release with its updates and security updates.");

    private static readonly Field<Uri> MirrorUri = Field<Uri>.Needed("uri", Scalars.MirrorUri, "Where the mirror is.");

    private static readonly Field<ImmutableArray<string>> MirrorSuites = Field<ImmutableArray<string>>.Needed(
        "suites", new ListShape<string>("archive suites", ArchiveSuite, 1), "Archive suites that are taken from it.", []);

    private static readonly Field<ImmutableArray<ImmutableArray<Mirror>>> Mirrors = Field<ImmutableArray<ImmutableArray<Mirror>>>.Optional(
        "mirrors",
        new ListShape<ImmutableArray<Mirror>>("mirrors", new ObjectShape<ImmutableArray<Mirror>>("a mirror", [MirrorUri, MirrorSuites],
            f => [.. f.Get(MirrorSuites).Select(suite => new Mirror(f.Get(MirrorUri), suite))]), 1),
        [],
        "Mirrors to use in place of those that the build machine's apt uses.");

    private static readonly Field<ImmutableArray<string>> Components = Field<ImmutableArray<string>>.Optional(
        "components",
        new ListShape<string>("archive components", new WordShape<string>("archive component", [.. new[] { "main", "contrib", "non-free", "non-free-firmware" }.Select(c => (c, c))]), 1),
        ["main"],
        "Archive components. Default: main.");

    private static readonly Field<string> Keyring = Field<string>.Optional(
        "keyring", Scalars.BuildMachineFile, "/usr/share/keyrings/debian-archive-keyring.gpg",
        "Keyring on the build machine that the archive's signature is verified against. Default: /usr/share/keyrings/debian-archive-keyring.gpg.");

    private static readonly Field<Bootstrapper> Bootstrap = Field<Bootstrapper>.Optional(
        "bootstrap", new WordShape<Bootstrapper>("bootstrapper", ("mmdebstrap", Bootstrapper.Mmdebstrap), ("debootstrap", Bootstrapper.Debootstrap)), Bootstrapper.Mmdebstrap,
        "The program that lays the base layer; debootstrap is slower, and for suites that apt of today cannot install. Default: mmdebstrap.");

    private static readonly Field<InitSystem> Init = Field<InitSystem>.Optional(
        "init", new WordShape<InitSystem>("init system", ("sysvinit", InitSystem.Sysvinit), ("systemd", InitSystem.Systemd)) { HintFor = FirstWords.OfInit }, InitSystem.Sysvinit,
        "Init system of the image. Default: sysvinit.");

    private static readonly Field<ImmutableArray<string>> Packages = Field<ImmutableArray<string>>.Optional(
        "packages", new ListShape<string>("package names", Scalars.Package), [],
        "Packages in the image, beside those that every image has, the init system and the Xen tools.");

    private static readonly Field<ImmutableArray<LeftOut>> Without = Field<ImmutableArray<LeftOut>>.Optional(
        "without",
        new ListShape<LeftOut>("parts to leave out", new WordShape<LeftOut>("part to leave out", ("docs", LeftOut.Docs), ("locales", LeftOut.Locales), ("man", LeftOut.Man))),
        [],
        "What is left out of the image: docs (but for copyright files), locales (translations), man (manual and info pages).");

    private static readonly Field<ImmutableArray<string>> Overlays = Field<ImmutableArray<string>>.Optional(
        "overlays", new ListShape<string>("overlay names", Scalars.Name), [],
        "Trees below overlays/ that are laid over the root, in this order.");

    private static readonly Field<ImmutableArray<string>> SetUid = Field<ImmutableArray<string>>.Optional(
        "set-uid", new ListShape<string>("paths in the image", FlashModel.ImagePath), [],
        "Files of the image that may be set-uid or set-gid; any other is an error.");

    private static readonly Field<string> KernelSource = Field<string>.Needed(
        "source", new ScalarShape<string>("kernel source package", "linux-source-6.12", "^linux-source(-[0-9][0-9.]*)?$", text => text)
        {
            HintFor = text => text.Length > 0 && text.All(c => char.IsAsciiDigit(c) || c == '.') ? $"Write 'linux-source-{text}'." : null,
        },
        "Debian source package of the kernel.");

    private static readonly Field<ImmutableArray<string>> Fragments = Field<ImmutableArray<string>>.Needed(
        "fragments",
        new ListShape<string>("fragment names", new ScalarShape<string>("fragment name", "nic/intel", "^(?!.*\\.config$)[a-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)*$", text => text)
        {
            HintFor = text => text.EndsWith(".config", StringComparison.Ordinal) ? "Leave '.config' out." : null,
        }, 1),
        "Names of files below kernel-configs/ without .config, merged in this order.", []);

    private static readonly Field<ImmutableArray<KernelFlavour>> Kernels = Field<ImmutableArray<KernelFlavour>>.Needed(
        "kernels",
        new MapShape<KernelFlavour>("kernel flavours by name", Scalars.Name, new ObjectShape<KernelFlavour>("a kernel flavour", [KernelSource, Fragments],
            f => new KernelFlavour(f.Name, f.Get(KernelSource), f.Get(Fragments)) { Where = f.Where }), 1),
        "Kernels that go with the image, by name, such as xen-pIV-rltk.", []);

    private static readonly Field<string> HypervisorPackage = Field<string>.Needed(
        "package", new ScalarShape<string>("hypervisor package", "xen-hypervisor-4.20-amd64", "^xen-hypervisor-[a-z0-9.+-]+$", text => text),
        "Package that holds the hypervisor; it is read, not installed.");

    private static readonly Field<ImmutableArray<string>> HypervisorTools = Field<ImmutableArray<string>>.Needed(
        "tools", new ListShape<string>("package names", Scalars.Package, 1), "Packages of the Xen tools, installed in the image.", []);

    private static readonly Field<Hypervisor?> HypervisorField = Field<Hypervisor?>.Optional(
        "hypervisor", new ObjectShape<Hypervisor?>("a hypervisor", [HypervisorPackage, HypervisorTools],
            f => new Hypervisor(f.Get(HypervisorPackage), f.Get(HypervisorTools))), null,
        "The hypervisor and its tools. Without it the image boots plain kernels only.");

    private static readonly Field<ImmutableArray<CpuVendor>> Microcode = Field<ImmutableArray<CpuVendor>>.Optional(
        "microcode",
        new ListShape<CpuVendor>("processors' vendors", new WordShape<CpuVendor>("vendor of processors", [.. CpuMicrocode.All.Select(m => (m.Word, m.Vendor))]), 1),
        [],
        "Vendors whose processors get new microcode at each boot: amd, intel. It is read from packages that are not free, whose archive component is added by itself. Default: none.");

    private static readonly Field<ImmutableArray<MayFail>> MayFailField = Field<ImmutableArray<MayFail>>.Optional(
        "may-fail", MapShape<MayFail>.OfTexts("services with the reason why each may fail", Scalars.Service, Scalars.Reason, (service, reason, where) => new MayFail(service, reason, where)), [],
        "Services that may fail on the clients, by the name of their init script or unit, each with the reason, such as smartd where there is no disk. The boot test tells of them and passes.");

    /// <summary>The model for the file <paramref name="file"/>.</summary>
    public static ObjectShape<Recipe> For(string file) => new(
        "a recipe",
        [Suite, Architecture, Archives, Mirrors, Components, Keyring, Bootstrap, Init, Packages, Without, Overlays, FlashModel.Flash, SetUid, Kernels, HypervisorField, Microcode, MayFailField],
        f => Build(f, file))
    {
        Rules = [new Checked(CheckArchitecture), new Checked(CheckArchives)],
        Refused = ImmutableDictionary.CreateRange(new Dictionary<string, string>
        {
            ["mirror"] = "Use 'mirrors', a list of 'uri' and 'suites', or the site's 'mirror'.",
            ["name"] = "A recipe is named like its file.",
        }),
    };

    private static Recipe Build(Fields f, string file) => new()
    {
        Name = Path.GetFileNameWithoutExtension(file),
        File = file,
        Suite = f.Get(Suite),
        Architecture = f.Get(Architecture),
        Archives = f.Get(Archives),
        Mirrors = [.. f.Get(Mirrors).SelectMany(m => m)],
        Components = f.Get(Microcode).IsEmpty ? f.Get(Components) : [.. f.Get(Components).Append(Suites.FirmwareComponent(f.Get(Suite))).Distinct()],
        Keyring = Path.GetFullPath(f.Get(Keyring), Path.GetDirectoryName(Path.GetFullPath(file))!),
        Bootstrap = f.Get(Bootstrap),
        Init = f.Get(Init),
        Packages = f.Get(Packages),
        Without = f.Get(Without),
        Overlays = f.Get(Overlays),
        Flash = f.Get(FlashModel.Flash),
        SetUid = f.Get(SetUid),
        Kernels = f.Get(Kernels),
        Hypervisor = f.Get(HypervisorField),
        Microcode = f.Get(Microcode),
        MayFail = f.Get(MayFailField),
        PackagePlaces = f.ScalarsIn(Packages).Concat(f.ScalarsIn(HypervisorField)).Concat(f.TextsIn(Kernels, KernelSource).Select(k => (k.Text, k.Where)))
            .Concat(f.ScalarsIn(Microcode).Zip(f.Get(Microcode), (written, vendor) => (Text: CpuMicrocode.Of(vendor).Package, written.Where)))
            .DistinctBy(p => p.Text).ToImmutableDictionary(p => p.Text, p => p.Where),
    };

    private static IEnumerable<Diagnostic> CheckArchitecture(Fields f)
    {
        if (f.HasValue(Suite) && f.Get(Architecture) == "i386" && f.Get(Suite) != "etch")
        {
            yield return new Diagnostic($"'i386' is not built for {f.Get(Suite)}") { Where = f.WhereOf(Architecture), Expected = "amd64 (i386 for etch only)" };
        }
    }

    private static IEnumerable<Diagnostic> CheckArchives(Fields f)
    {
        var suite = f.Get(Suite);
        var archives = f.Get(Archives);
        var mirrored = f.Get(Mirrors).SelectMany(m => m).Select(m => m.Suite).ToList();
        if (suite is null)
        {
            yield break;
        }

        if (archives.Length > 0 && archives[0] != suite)
        {
            yield return new Diagnostic($"'{archives[0]}' comes first in 'archives'") { Where = f.WhereOf(Archives), Expected = $"'{suite}', the suite, first" };
        }

        foreach (var other in archives.Concat(mirrored).Distinct().Where(a => a != suite && !a.StartsWith($"{suite}-", StringComparison.Ordinal) && a != $"{suite}/updates"))
        {
            yield return new Diagnostic($"archive suite '{other}' does not belong to {suite}")
            {
                Where = f.WhereOf(archives.Contains(other) ? Archives : Mirrors),
                Expected = $"{suite} or one of its own, such as {suite}-updates",
            };
        }

        if (!f.IsWhole(Mirrors))
        {
            yield break;
        }

        foreach (var twice in mirrored.GroupBy(s => s).Where(g => g.Count() > 1))
        {
            yield return new Diagnostic($"archive suite '{twice.Key}' is taken from two mirrors") { Where = f.WhereOf(Mirrors), Expected = "each archive suite at one mirror" };
        }

        foreach (var missing in archives.Append(suite).Distinct().Where(a => !mirrored.Contains(a)))
        {
            yield return new Diagnostic($"no mirror has the archive suite '{missing}'") { Where = f.WhereOf(Mirrors), Expected = $"'{missing}' in the 'suites' of one of the mirrors" };
        }
    }
}
