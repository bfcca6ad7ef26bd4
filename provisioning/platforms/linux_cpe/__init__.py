"""A router that runs Linux: FRR, nftables, dnsmasq, dhcpcd, hostapd, net-snmp, OpenSSH, and our helper."""
