"""The modem, and the wireless network.

Sources: Cisco 1100 Series ISR Software Configuration Guide, Cellular Pluggable / LTE chapter (`controller
Cellular`, `dialer-list`, `chat-script`, `profile cellular`); Cisco Catalyst 9800 Series Wireless Controller Command
Reference, IOS-XE 17.9 (`wlan`, `security wpa …`, `wireless profile policy`, `wireless tag policy`, `ap`).
"""

from provisioning.stands.simulator.cisco_iosxe.configuration.rule import Negative, Rule

CONTROLLERS = (
    Rule("controller Cellular {slot:WORD}", key=("slot",), opens="controller", refuses=("controller",), apart=True),
)
DIALERS = (
    Rule("dialer-list {group:U1-255} protocol (ip|ipv6) (permit|deny|list {list:WORD})", key=None),
    Rule("dialer watch-list {group:U1-255} ip {address:IPV4} {mask:IPV4}", key=None),
    Rule("chat-script {name:WORD} {script:LINE1-200}", key=("name",)),
)
VLANS = (Rule("vlan {number:U1-4094}", key=("number",), opens="vlan", sorts=("number",), apart=True),)
VLAN = (Rule("name {name:WORD1-32}"), Rule("state (active|suspend)"), Rule("shutdown"))
WLANS = (
    Rule("wireless country {country:WORD2-2}", key=None),
    Rule("wireless management interface {interface:IFACE}"),
    Rule("wireless tag policy {name:WORD1-32}", key=("name",), opens="policy-tag"),
    Rule("wireless tag site {name:WORD1-32}", key=("name",), opens="opaque"),
    Rule("wireless tag rf {name:WORD1-32}", key=("name",), opens="opaque"),
    Rule("wireless profile policy {name:WORD1-32}", key=("name",), opens="policy-profile"),
    Rule(
        "wlan {profile:WORD1-32} {identifier:U1-4096} {ssid:TEXT}",
        key=("profile",),
        opens="wlan",
        refuses=("wlan_identifier",),
        apart=True,
    ),
    Rule("wlan {profile:WORD1-32}", key=("profile",), does="wlan_again", slot="wlan", opens="wlan"),
    Rule("ap country {country:WORD}"),
    Rule("ap dot11 24ghz {rest:LINE1-120}", key=None),
    Rule("ap dot11 5ghz {rest:LINE1-120}", key=None),
    Rule("ap {mac:MAC}", key=("mac",), opens="ap"),
)
WLAN = (
    Rule("ccx aironet-iesupport"),
    Rule("broadcast-ssid", no=Negative.IS_SHOWN),
    Rule("radio policy dot11 (24ghz|5ghz|6ghz)", key=None),
    Rule("radio dot11 (24ghz|5ghz|6ghz)", key=None),
    Rule("client vlan {vlan:WORD}"),
    Rule("security ft [adaptive|over-the-ds]", no=Negative.BOTH, no_at=2),
    Rule("security wpa", no=Negative.IS_SHOWN),
    Rule("security wpa wpa2", no=Negative.IS_SHOWN),
    Rule("security wpa psk set-key (ascii|hex) {type:U0-8} {key:TEXT}"),
    Rule("security wpa akm dot1x", no=Negative.IS_SHOWN),
    Rule("security wpa akm psk [sha256]", key=None),
    Rule("security wpa akm sae"),
    Rule("security wpa akm owe"),
    Rule("security wpa akm ft (dot1x|psk|sae)", key=None),
    Rule("security wpa wpa1 [ciphers (aes|tkip)]", key=None),
    Rule("security wpa wpa2 ciphers (aes|ccmp256|gcmp128|gcmp256)", key=None, no=Negative.BOTH),
    Rule("security wpa wpa3"),
    Rule("security pmf (optional|mandatory)"),
    Rule("security dot1x authentication-list {list:WORD}"),
    Rule("shutdown", no=Negative.BOTH, hidden="shutdown"),
)
POLICY_PROFILE = (
    Rule("description {description:LINE1-240}"),
    Rule("vlan {vlan:WORD}"),
    Rule("central (association|authentication|dhcp|switching)", key=None, no=Negative.IS_SHOWN),
    Rule("session-timeout {seconds:U0-86400}"),
    Rule("idle-timeout {seconds:U15-100000}"),
    Rule("ipv4 dhcp required"),
    Rule("shutdown", no=Negative.BOTH, hidden="shutdown"),
)
POLICY_TAG = (
    Rule("description {description:LINE1-240}"),
    Rule("wlan {wlan:WORD} policy {policy:WORD}", key=("wlan",)),
)
AP = (
    Rule("policy-tag {tag:WORD}"),
    Rule("site-tag {tag:WORD}"),
    Rule("rf-tag {tag:WORD}"),
)
