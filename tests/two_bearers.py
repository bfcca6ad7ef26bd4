"""A line of two bearers as the lab's operator is told of it, and its router, written down once more."""

LINE = {
    "schema": 1,
    "line": "L-1",
    "order": "PX-2026-000101",
    "cpe": "LX0101",
    "access": "copper",
    "bearers": ["copper", "mobile"],
    "rate": None,
    "management": None,
    "fixed_ipv4": "192.0.2.1",
    "ip_pack": None,
    "ipv6": {
        "block": "2001:db8:0:100::/56",
        "link": "2001:db8:0:100::/64",
        "routed_half": None,
        "next_hop": None,
    },
    "customer_firewall": False,
    "servers": [],
    "lan": None,
}

OWN = {"ipv4": "192.0.2.1", "ipv6": "2001:db8:0:100::1"}

NEIGHBOURS = "\n".join(
    f" neighbor {each} {words}"
    for each in ("100.64.0.1", "100.96.0.1", "3fff:0:0:a::1", "3fff:0:0:b::1")
    for words in ("remote-as 64500", "bfd profile bearer", "timers connect 1")
)

ROUTER = f"""
sed -i 's/^interface wan0.*/&\\n metric 1677721600/' /etc/dhcpcd.conf
systemctl restart dhcpcd
ip address add 192.0.2.1/32 dev lo
ip address add 2001:db8:0:100::1/128 dev lo
ip address add 100.96.1.1/16 dev wwan0
ip address add 3fff:0:0:b:0:ff:fe00:201/64 dev wwan0 nodad
for each in all wan0 wwan0; do echo 0 > /proc/sys/net/ipv4/conf/$each/rp_filter; done
printf 'bgpd=yes\\nbfdd=yes\\nzebra_options="-A 127.0.0.1"\\nbgpd_options="-A 127.0.0.1"\\n' > /etc/frr/daemons
printf 'bfdd_options="-A 127.0.0.1"\\nstaticd_options="-A 127.0.0.1"\\n' >> /etc/frr/daemons
cat > /etc/frr/frr.conf <<'END'
hostname router
ip route 192.0.2.1/32 blackhole 254
ipv6 route 2001:db8:0:100::/56 blackhole 254
bgp route-map delay-timer 1
route-map FIXED permit 10
 set community 64500:200
route-map MOBILE permit 10
 set community 64500:100
route-map HOLD permit 10
 set community 64500:50
route-map FIXED-IN permit 10
 set local-preference 200
bfd
 profile bearer
  receive-interval 300
  transmit-interval 300
router bgp 64511
 bgp router-id 192.0.2.1
 no bgp ebgp-requires-policy
 no bgp default ipv4-unicast
{NEIGHBOURS}
 address-family ipv4 unicast
  network 192.0.2.1/32
  neighbor 100.64.0.1 activate
  neighbor 100.96.0.1 activate
  neighbor 100.64.0.1 route-map FIXED-IN in
  neighbor 100.64.0.1 route-map FIXED out
  neighbor 100.96.0.1 route-map MOBILE out
 address-family ipv6 unicast
  network 2001:db8:0:100::/56
  neighbor 3fff:0:0:a::1 activate
  neighbor 3fff:0:0:b::1 activate
  neighbor 3fff:0:0:a::1 route-map FIXED-IN in
  neighbor 3fff:0:0:a::1 route-map FIXED out
  neighbor 3fff:0:0:b::1 route-map MOBILE out
END
systemctl start frr
"""
"""What makes a factory-new CPE such a router."""

CPE1 = ("100.64.1.1", "3fff:0:0:a:0:ff:fe00:101")
"""Its addresses at the BNG."""

BEARERS = {"access": "fixed", "mobile": "mobile"}
"""The bearer by which the BNG reaches a CPE, by its own interface."""
