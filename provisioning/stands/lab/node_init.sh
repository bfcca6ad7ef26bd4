#!/bin/sh
# Process 1 of a node: gives it files of its own, says "ready", and lives until the keeper's pipe closes.
# Usage: node_init.sh NAME FILES shared|private
set -eu
name=$1 files=$2 mode=$3

hostname "$name"
if [ "$mode" = shared ]; then
    # Proviso runs here, on the files of whoever started the lab: only names and resolvers are the lab's.
    for file in hosts resolv.conf; do
        mount --bind "$files/etc/$file" "/etc/$file"
    done
    mount -t sysfs sysfs /sys 2>/dev/null || true # some containers refuse; nothing of ours needs it
else
    # The machine's programs, and nothing else of it: a router neither sees nor writes its users' files.
    mount --bind "$files" "$files"
    cd "$files"
    for folder in usr bin sbin lib lib32 lib64 libx32; do
        if [ -L "/$folder" ]; then
            ln -sfn "$(readlink "/$folder")" "$folder"
        elif [ -d "/$folder" ]; then
            mkdir -p "$folder"
            mount --rbind "/$folder" "$folder"
            mount -o remount,bind,ro "$folder"
        fi
    done
    mount --bind sbin-local usr/local/sbin
    mkdir -p proc sys dev run old
    mount --rbind /dev dev
    # Terminals of its own, so that sshd may give them to whoever logs in.
    mount -t devpts -o newinstance,ptmxmode=666,mode=620,gid=5 devpts dev/pts
    mount -t proc proc proc
    mount -t sysfs sysfs sys 2>/dev/null || true
    mount -t tmpfs -o mode=755,size=16m tmpfs run
    mkdir -p run/lock run/sshd
    if getent passwd frr >/dev/null; then
        install -d -o frr -g frr -m 755 run/frr
    fi
    pivot_root . old
    cd /
    umount -l /old
    rmdir /old
fi
echo ready
# Ignored, so that the kernel clears away orphans that end in here; a shell cannot ignore this signal.
exec env --ignore-signal=CHLD cat >/dev/null
