using System.Globalization;
using System.Net;
using Dom0Image.Tests.Border;

namespace Dom0Image.Tests.ServerGuest;

/// <summary>Asks a server guest's NFS server for anything.</summary>
internal static class GuestNfs
{
    /// <summary>A client on the guest's network.</summary>
    public static async Task<RawNfs> ClientAsync(GuestLab lab, GuestMachine guest)
    {
        // Debian lets the kernel's mountd choose a port, unless a site's file names it.
        var told = (await guest.ScriptAsync("rpcinfo -p | awk '$1 == 100005 && $2 == 3 && $3 == \"tcp\" { print $4; exit }'")).Trim();
        var port = told.Length == 0 ? RawNfs.MountPort : int.Parse(told, CultureInfo.InvariantCulture);
        var connect = RawNfs.From(lab.Inside.ProcessId, GuestLab.Own, IPAddress.Parse(GuestSettings.Address));
        // It is emulated, and others work here, too.
        return new RawNfs(asked => connect(asked == RawNfs.MountPort ? port : asked)) { Patience = TimeSpan.FromMinutes(3) };
    }
}
