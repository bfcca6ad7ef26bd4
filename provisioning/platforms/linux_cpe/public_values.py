"""What looks like a secret in a masked document of a Linux router, and is none.

Sources: hostapd's example hostapd.conf, sshd_config(5), FRR's manual, sysctl documentation of the kernel,
wpa_passphrase(8). Each idiom is of an option whose value names something, counts something, or is published.
"""

import re

from provisioning.platforms.spans import MASKED, Span

_HOSTAPD = (
    r"ssid2?=.*",  # it is on the air
    r"wpa_key_mgmt=[a-z0-9 -]+",
    r"(?:wpa_\w*rekey|wpa_psk_radius|wep_default_key|wep_key_len_\w+|wep_rekey_period|ft_psk_generate_local|sae_pwe"
    r"|eapol_key_index_workaround|disable_pmksa_caching|okc|rsn_preauth|wpa_strict_rekey|ft_over_ds)=\d+",
    r"(?:wpa_psk_file|sae_password_file|private_key|dh_file|ca_cert|server_cert)=/[\w./-]+",
)
_SSHD = (
    r"authorized(?:keys|principals)(?:file|command|commanduser)[ \t]+[\w./%~ -]+",
    r"(?:host(?:key|certificate)|trustedusercakeys|revokedkeys)[ \t]+/[\w./-]+",
    r"(?:\w+algorithms|ciphers|macs|kexalgorithms)[ \t]+[\w.,@+*-]+",
    r"rekeylimit[ \t].*",
    r"authenticationmethods[ \t][a-z, -]+",
)
_FRR = (
    r"[ \t]*set (?:ext|large-)?community (?:none|additive|internet|local-as|no-advertise|no-export|graceful-shutdown"
    r"|blackhole|\d+(?::\d+){1,2}| )+",
    r"[ \t]*match (?:ext|large-)?community(?:[ \t]\S+){1,4}",
    r"[ \t]*bgp (?:ext|large-)?community-list (?:standard |expanded )?\S+ (?:seq \d+ )?(?:permit|deny) .*",
    r"[ \t]*neighbor \S+ send-community(?:[ \t]\S+)?",
    r"[ \t]*key chain \S+",
    r"[ \t]*key \d+",
    r"[ \t]*.*\bkey-chain \S+",
    r"[ \t]*(?:route-map|ip prefix-list|ipv6 prefix-list|access-list|hostname)\b.*",
    r"[ \t]*service (?:password-encryption|integrated-vtysh-config)",
)

_NFT = (r"[ \t]*(?:set|map|chain|flowtable|counter|table \w+) \w+ \{.*",)
# The name of the network stands between the word and its masked secret; it is on the air.
_SHELL = (
    rf"[ \t]*wpa_passphrase[ \t]+(?:\"[^\"\n{MASKED}]*\"|[^\s\"'{MASKED}]+)[ \t]+{MASKED}"
    r"(?:[ \t]*>>?[ \t]*/[\w./-]+)?",
)

_BY_DOCUMENT = {
    name: re.compile(rf"(?:{'|'.join(idioms)})[ \t\r]*")
    for name, idioms in {
        "hostapd.conf": _HOSTAPD,
        "sshd_config": _SSHD,
        "frr.conf": _FRR,
        "nftables.conf": _NFT,
        "network.sh": _SHELL,
    }.items()
}

_WORDS_FOR_PEOPLE = re.compile(r"[ \t]*(?:[#!]|description\b|sys(?:location|contact|name|descr)\b|comment\b)")


def is_public(name: str, low: str, span: Span) -> bool:
    """Return whether a line that a secret may stand in is known to hold none.

    Args:
        name: of the document.
        low: the document in lower case, `MASKED` in place of each secret.
        span: of the line in it.
    """
    known = _BY_DOCUMENT.get(name)
    return known is not None and known.fullmatch(low, *span) is not None


def is_for_people(name: str, low: str, span: Span) -> bool:
    """Return whether a line says something to people, in words that mean nothing to the router.

    Args:
        name: of the document.
        low: the document in lower case.
        span: of the line in it.
    """
    return _WORDS_FOR_PEOPLE.match(low, *span) is not None
