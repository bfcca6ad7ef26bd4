#!/bin/sh
# Line L-1, fullfiber-extended, router LX0110. Written by Proviso.
# Without an argument: sets the addresses that no DHCP server gives, and removes those that it set before.
# `down`: undoes all of that; bearers keep their own addresses. Run again, either changes nothing.
set -eu

# want DEVICE -4|-6 [ADDRESS...]: exactly these permanent global addresses. Those of dhcpcd bring no route of their own.
want() {
	device=$1
	family=$2
	shift 2
	for address in "$@"; do
		if [ "$family" = -6 ]; then
			ip -6 address replace "$address" dev "$device" nodad # there before a LAN port is, for what is sent from it
		else
			ip -4 address replace "$address" dev "$device"
		fi
	done
	ip "$family" -o address show dev "$device" scope global permanent | while read -r _ _ _ present more; do
		case $more in *noprefixroute*) continue ;; esac
		for address in "$@"; do
			[ "$present" = "$address" ] && continue 2
		done
		ip "$family" address delete "$present" dev "$device"
	done
}

# exists DEVICE
exists() {
	ip link show "$1" >/dev/null 2>&1
}

if [ "${1-}" = down ]; then
	want lo -4
	! exists br-lan || ip link delete br-lan
	exit 0
fi

exists br-lan || ip link add br-lan type bridge forward_delay 0
for port in lan1 lan2; do
	! exists "$port" || ip link set "$port" master br-lan up
done
for device in lo br-lan wan0 wwan0; do
	! exists "$device" || ip link set "$device" up
done
want lo -4 10.255.0.0/32 192.0.2.1/32
want br-lan -4 192.168.40.1/24 198.51.100.1/28
want br-lan -6 2001:db8::1/64
