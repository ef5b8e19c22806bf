#!/bin/sh
# Init of the example guest: a shell on its console.
PATH=/bin
export PATH

mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t tmpfs tmp /tmp
hostname example

echo
echo "The example guest is up, with Linux $(uname -r)."
echo "Type 'exit' to switch it off; Ctrl-] leaves the console."
setsid cttyhack sh
poweroff -f
