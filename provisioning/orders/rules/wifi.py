"""Wi-Fi: where it is offered, and values that the standard allows (facts: I-1.1, I-1.2, I-7.1, I-8.1)."""

import re
from collections.abc import Iterator

from provisioning.catalogue import Availability
from provisioning.model.finding import Finding
from provisioning.orders import codes
from provisioning.orders.case import Case, Rule

SSID_OCTETS = 32
"""IEEE 802.11-2020, 9.4.2.2: an SSID has 0 to 32 octets; 0 is the wildcard and names no network."""

CHANNELS = frozenset({*range(1, 14), *range(36, 65, 4), *range(100, 141, 4)})
"""Open to Wi-Fi in Europe: ETSI EN 300 328 (2.4 GHz) and EN 301 893 (5 GHz)."""

SECURITY_MODES = ("wpa2", "wpa2-wpa3", "wpa3")

_KEY_SOURCE = re.compile(r"env:[A-Za-z_][A-Za-z0-9_]*", re.ASCII)
# Control characters, and what ends a line in one notation or another.
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def wifi_is_offered(case: Case) -> Iterator[Finding]:
    """The formula has Wi-Fi, and the ordered speed does not exclude it."""
    wifi, formula = case.form.wifi, case.formula
    if wifi is None or not wifi.enabled or formula is None:
        return
    if formula.wifi.value is Availability.NOT_OFFERED:
        yield codes.WIFI_NOT_OFFERED.at(
            "wifi.enabled", f"{formula.name} has no Wi-Fi.", case.leave_out("wifi"), facts=formula.wifi.facts
        )
    elif case.speed is not None and not case.speed.wifi:
        yield codes.WIFI_SPEED.at(
            "wifi.enabled",
            f"{case.speed.name} excludes Wi-Fi.",
            "Write `wifi: {enabled: false}`, or choose a slower speed.",
        )


def ssid_is_allowed(case: Case) -> Iterator[Finding]:
    """A network that is on has a name of 1 to 32 octets without control characters."""
    wifi = case.form.wifi
    if wifi is None:
        return
    if wifi.ssid is None:
        if wifi.enabled and case.whole:
            yield codes.WIFI_SSID_MISSING.at("wifi.ssid", "Wi-Fi is on and has no name.", "Add `wifi.ssid`.")
        return
    octets = len(wifi.ssid.encode())
    if not 1 <= octets <= SSID_OCTETS:
        yield codes.WIFI_SSID.at(
            "wifi.ssid",
            f"The name has {octets} octets; Wi-Fi allows 1 to {SSID_OCTETS}.",
            "Shorten it: a letter with an accent counts as two octets." if octets else "Give the network a name.",
        )
    elif _CONTROL.search(wifi.ssid):
        yield codes.WIFI_SSID.at(
            "wifi.ssid", "The name holds a control character.", "Use letters, digits, spaces and punctuation."
        )


def radio_is_allowed(case: Case) -> Iterator[Finding]:
    """Channel, security mode and the source of the key are ones that we can run."""
    wifi = case.form.wifi
    if wifi is None:
        return
    if wifi.channel is not None and wifi.channel not in CHANNELS:
        yield codes.WIFI_CHANNEL.at(
            "wifi.channel",
            f"Channel {wifi.channel} is not open to Wi-Fi in Europe.",
            "1 to 13, or 36 to 64 and 100 to 140 in steps of 4; leave it out to let the router choose.",
        )
    if wifi.security is not None and wifi.security not in SECURITY_MODES:
        yield codes.WIFI_SECURITY.at(
            "wifi.security",
            f"There is no security mode `{wifi.security}`.",
            f"One of: {', '.join(SECURITY_MODES)}.",
        )
    if wifi.key_from is not None and not _KEY_SOURCE.fullmatch(wifi.key_from):
        # The value is not shown: somebody may have written the key itself.
        yield codes.WIFI_KEY_SOURCE.at(
            "wifi.key_from",
            "The source of the key is not one that we know.",
            "Write `env:NAME` with the name of an environment variable, never the key itself; without "
            "`key_from` a key is generated.",
        )


RULES: tuple[Rule, ...] = (wifi_is_offered, ssid_is_allowed, radio_is_allowed)
