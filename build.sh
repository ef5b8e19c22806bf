#!/bin/sh
# Runs the pipeline: ./build.sh --help. Compiles it first when its sources changed.
#
# Each version of the sources is compiled into a directory of its own, named by their hash and renamed into place when
# whole: a build that runs goes on undisturbed when the sources change, and two at once cannot spoil each other's.
set -eu

# A descriptor that is closed would become that of the next file, and what is said would be written into it.
for descriptor in 0 1 2; do
    [ -e "/proc/self/fd/$descriptor" ] || eval "exec $descriptor<>/dev/null"
done

root=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)
apps=$root/build/bin/app

# Below cron there is no sbin on the PATH, below a bare unit nothing.
PATH=${PATH:+$PATH:}/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export PATH

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_GENERATE_ASPNET_CERTIFICATE=false
# Below cron or a bare unit there is no HOME, and dotnet wants one.
if [ -z "${HOME:-}" ]; then
    HOME=$(getent passwd "$(id -u)" | cut -d: -f6)
    export HOME
fi

# Where it is put by those who do not put it on the PATH.
PATH=$PATH:${DOTNET_ROOT:+$DOTNET_ROOT:}$HOME/.dotnet:/usr/share/dotnet:/usr/lib/dotnet

if ! command -v dotnet >/dev/null; then
    echo "build.sh: the .NET 10 SDK is needed: no 'dotnet' on the PATH. See https://dot.net/download" >&2
    exit 127
fi

sources_hash() (
    cd "$root"
    export LC_ALL=C
    {
        find build -type d \( -name bin -o -name obj \) -prune -o \
            -type f -print0
        printf '%s\0' Directory.Build.props Directory.Packages.props global.json .editorconfig build.sh
    } | sort -z | xargs -0 sha256sum | sha256sum | cut -c -16
)

compile() {
    echo "Compiling the pipeline..." >&2 || :
    # Nodes and servers that stay would hold the lock.
    if ! log=$(dotnet build "$root/build/Build.csproj" -c Release -o "$1.new" -v quiet \
        -nodeReuse:false -p:UseSharedCompilation=false --disable-build-servers 9>&- 2>&1); then
        printf '%s\n' "$log" >&2
        echo "build.sh: the pipeline does not compile; see above." >&2
        rm -rf "$1.new"
        exit 1
    fi
    mv "$1.new" "$1"
}

app=$apps/$(sources_hash)
if [ ! -d "$app" ]; then
    mkdir -p "$apps"
    exec 9>"$apps/lock"
    flock 9
    if [ ! -d "$app" ]; then
        rm -rf "$apps"/*.new
        compile "$app"
        # Versions of last week: no build takes so long that it still needs one.
        find "$apps" -mindepth 1 -maxdepth 1 -type d -not -path "$app" -mtime +7 -exec rm -rf {} +
    fi
    exec 9>&-
fi

exec dotnet "$app/dom0image.dll" "$@"
