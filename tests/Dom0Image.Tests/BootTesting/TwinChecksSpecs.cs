using System.Collections.Immutable;
using System.Net;
using Dom0Image.BootLab.Network;
using Dom0Image.BootLab.Steps;
using Dom0Image.BootTesting;
using Dom0Image.BootTesting.Checks;

namespace Dom0Image.Tests.BootTesting;

internal sealed class TwinChecksSpecs
{
    [Test]
    public void I_am_told_of_one_shared_key_beside_keys_that_differ()
    {
        var clients = TwinChecks.Add([Client("post01", "SHA256:same SHA256:rsa1 "), Client("post02", "SHA256:same SHA256:rsa2 "), Client("post03", "SHA256:own SHA256:rsa3 ")]);

        Assert.That(clients[0].Problems, Is.EqualTo(new[] { "host-keys-is-its-own: SHA256:same is also that of post02" }));
        Assert.That(clients[1].Problems, Is.EqualTo(new[] { "host-keys-is-its-own: SHA256:same is also that of post01" }));
        Assert.That(clients[2].Problems, Is.Empty);
        Assert.That(clients[2].Checks, Has.Length.EqualTo(2));
    }

    [Test]
    public void I_am_told_of_a_shared_machine_id()
    {
        var clients = TwinChecks.Add([Client("post01", "SHA256:one", "1234"), Client("post02", "SHA256:two", "1234")]);

        Assert.That(clients[0].Problems, Is.EqualTo(new[] { "machine-id-is-its-own: 1234 is also that of post02" }));
    }

    private static ClientOutcome Client(string name, string keys, string? machine = null) => new(
        name,
        IPAddress.Parse("192.168.0.101"),
        new BootCourse(ImmutableSortedDictionary<BootStep, TimeSpan>.Empty, null),
        [],
        ImmutableDictionary<string, string>.Empty.Add("host-keys", keys).Add("machine-id", machine ?? name),
        TrafficCount.None,
        []);
}
