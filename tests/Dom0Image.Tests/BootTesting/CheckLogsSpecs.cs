using System.Diagnostics;
using System.Net.Sockets;
using Dom0Image.BootTesting.Checks;

namespace Dom0Image.Tests.BootTesting;

/// <summary>The part of the check script that reads a client's logs, run by this machine's shell on prepared logs.</summary>
internal sealed class CheckLogsSpecs
{
    private const string Complaint = "Nov  1 10:00:00 post01 user.err ntpd: /etc/ntp.drift: Read-only file system";

    [TestCase("dmesg")]
    [TestCase("logread")]
    [TestCase("journalctl")]
    [TestCase("log/xen/xl-guest.log")]
    public void I_am_told_of_a_read_only_file_system_wherever_the_image_keeps_its_logs(string log)
    {
        using var client = new LoggingClient();

        client.Append(log, Complaint);

        Assert.That(client.Check(), Does.StartWith("check|logs-without-read-only|fail|").And.Contain("/etc/ntp.drift"));
    }

    [Test]
    public void I_am_told_of_it_also_on_a_host_that_has_the_test_in_its_name()
    {
        using var client = new LoggingClient();

        client.Append("logread", Complaint.Replace("post01", "boot-test-1", StringComparison.Ordinal));

        Assert.That(client.Check(), Does.StartWith("check|logs-without-read-only|fail|"));
    }

    [Test]
    public void I_am_told_the_line_and_not_what_lies_beside_it_in_the_log_in_records()
    {
        using var client = new LoggingClient();

        client.Append("log/a-wtmp", "\u0002\0\0\u001b]0;boo\u0007reboot\0\u009b31m", end: "");
        client.Append("log/b-syslog", Complaint, end: "");
        client.Append("log/c-wtmp", "\u0001\0\0LOGIN\u0085", end: "");

        Assert.That(client.Check(), Is.EqualTo($"check|logs-without-read-only|fail|{Complaint}"));
    }

    [TestCase("logread")]
    [TestCase("journalctl")]
    [TestCase("log/syslog")]
    public void A_client_passes_whose_logs_show_our_own_line_and_no_complaint(string log)
    {
        using var client = new LoggingClient();

        client.Append(log, "Nov  1 10:00:00 post01 kern.info kernel: VFS: Mounted root (nfs filesystem) readonly");
        client.LoggerWritesTo(log);

        Assert.That(client.Check(), Is.EqualTo("check|logs-without-read-only|ok|"));
    }

    [Test]
    public void A_client_does_not_pass_when_nothing_shows_what_it_logs()
    {
        using var client = new LoggingClient();

        client.LoggerWritesTo("elsewhere");

        Assert.That(client.Check(), Does.StartWith("check|logs-without-read-only|fail|what logger writes is found neither"));
    }

    [Test]
    public void A_client_that_has_no_logger_is_judged_by_its_kernel_and_its_files()
    {
        using var client = new LoggingClient(hasSocket: false);

        Assert.That(client.Check(), Is.EqualTo("check|logs-without-read-only|ok|"));
    }

    // Programs of a client that show what is in a file of their name.
    private sealed class LoggingClient : IDisposable
    {
        private readonly TempDirectory _directory = new();
        private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);

        public LoggingClient(bool hasSocket = true)
        {
            _directory.Make("log");
            foreach (var program in new[] { "dmesg", "logread", "journalctl" })
            {
                Append(program, "");
                Program(program, $"cat '{_directory[program]}'");
            }

            Program("sleep", "");
            LoggerWritesTo("logread");
            if (hasSocket)
            {
                _socket.Bind(new UnixDomainSocketEndPoint(_directory["socket"]));
            }
        }

        public void Append(string log, string line, string end = "\n")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_directory[log])!);
            File.AppendAllText(_directory[log], line + end);
        }

        public void LoggerWritesTo(string log) => Program("logger", $"echo \"$*\" >>'{_directory[log]}'");

        public string Check()
        {
            var call = $"PATH='{_directory["bin"]}':$PATH\nlogs_without_read_only '{_directory["log"]}' '{_directory["socket"]}'\n";
            var script = _directory.Write("check.sh", CheckScript.Resource("check-head.sh") + CheckScript.Resource("check-logs.sh") + call);
            using var process = Process.Start(new ProcessStartInfo("sh", [script]) { RedirectStandardOutput = true })!;
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Single(line => line.StartsWith("check|", StringComparison.Ordinal));
        }

        public void Dispose()
        {
            _socket.Dispose();
            _directory.Dispose();
        }

        private void Program(string name, string body)
            => File.SetUnixFileMode(_directory.Write($"bin/{name}", $"#!/bin/sh\n{body}\n"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }
}
