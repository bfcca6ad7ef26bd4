#!/bin/sh
# Process 1 of a node: gives it files of its own, says "ready", and lives until the keeper's pipe closes.
# Usage: node_init.sh NAME FILES shared|private
set -eu
name=$1 files=$2 mode=$3

hostname "$name"
mount -t sysfs sysfs /sys 2>/dev/null || true # some containers refuse; nothing of ours needs it
if [ "$mode" = shared ]; then
    # Proviso runs here, on the files of whoever started the lab: only names and resolvers are the lab's.
    for file in hosts resolv.conf; do
        mount --bind "$files/etc/$file" "/etc/$file"
    done
else
    mount --bind "$files/etc" /etc
    mount --bind "$files/var" /var
    mount --bind "$files/root" /root
    mount --bind "$files/opt" /opt
    mount --bind "$files/sbin" /usr/local/sbin
    mount -t tmpfs -o mode=755,size=16m tmpfs /run
    mkdir -p /run/lock /run/sshd
    if getent passwd frr >/dev/null; then
        install -d -o frr -g frr -m 755 /run/frr
    fi
    mount --bind "$files/tmp" /tmp
    # What else there is belongs to the machine, and a router has no business writing it. An ordinary user may not
    # always ask for this, and needs it less: the node can write nothing that he cannot.
    mount -o remount,bind,ro / 2>/dev/null || [ "$(cat /proc/self/uid_map | tr -s ' ')" != " 0 0 4294967295" ]
fi
echo ready
# Ignored, so that the kernel clears away orphans that end in here.
trap '' CHLD
exec cat >/dev/null
