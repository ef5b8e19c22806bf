#!/bin/bash
# Times RAM-tree scripts inside an image, in turns, in a mount namespace of their own; nothing of this machine is touched.
#   $1    the image's root; it is only read
#   $2    an empty directory
#   $3    how often
#   $4... the scripts
# Prints a line for each run: the script's number from 0, microseconds.
set -eu
image=$1 place=$2 rounds=$3
shift 3
mount --bind "$image" "$place"
mount -o remount,bind,ro "$place"
mount -t proc proc "$place/proc"
mount -t devtmpfs dev "$place/dev"
# The scripts' marks are for the client's kernel log and not for this machine's.
mount --bind /dev/null "$place/dev/kmsg"
mount -t tmpfs -o size=1M tmpfs "$place/run"
number=0
for script; do
    cp "$script" "$place/run/$number"
    chmod 755 "$place/run/$number"
    number=$((number + 1))
done
for ((round = 0; round < rounds; round++)); do
    for ((i = 0; i < number; i++)); do
        start=${EPOCHREALTIME/[.,]/}
        chroot "$place" "/run/$i" start >/dev/null
        end=${EPOCHREALTIME/[.,]/}
        echo "$i $((end - start))"
        if mountpoint -q "$place/flash"; then umount --lazy "$place/flash"; fi
    done
done
