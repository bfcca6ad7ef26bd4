"""What SNMP has to do with a router's configuration: who may ask, and what is told.

Cisco IOS SNMP Support Command Reference, `snmp-server user`, `snmp-server group`, `snmp-server engineID`: users are
kept apart, no configuration shows them; the id of the engine comes from a MAC address; a user of a group that is not
there may ask nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from provisioning.stands.simulator.cisco_iosxe import reading
from provisioning.stands.simulator.cisco_iosxe.interfaces import Interface, mac_of
from provisioning.stands.simulator.snmp_agent import Managed

ENTERPRISE = "800000090300"
"""Cisco's number, and that a MAC address follows (RFC 3411, 5)."""

_SHOWN = {"sha": "SHA", "md5": "MD5", "aes": "AES128", "des": "DES", "3des": "3DES"}


@dataclass(frozen=True, slots=True)
class User:
    """A user of SNMPv3.

    Attributes:
        authentication: protocol, as it is shown.
        privacy: protocol, as it is shown.
        phrases: for authentication and privacy.
    """

    name: str
    group: str
    authentication: str
    privacy: str
    phrases: tuple[str, str]


def users_of(lines: Iterable[str]) -> list[User]:
    """Return the users whose lines these are."""
    found = []
    for line in lines:
        match line.split():
            case ["snmp-server", "user", name, group, "v3", "auth", kind, phrase, "priv", cipher, *rest] if rest:
                bits = rest[:-1][:1] if rest[0].isdecimal() and len(rest) > 1 else []
                secret = rest[1] if bits else rest[0]
                found.append(
                    User(name, group, _SHOWN.get(kind, kind.upper()), _privacy(cipher, bits), (phrase, secret))
                )
            case _:
                pass
    return found


def _privacy(cipher: str, bits: list[str]) -> str:
    return f"AES{bits[0]}" if cipher == "aes" and bits else _SHOWN.get(cipher, cipher.upper())


def engine_of(number: int) -> str:
    """Return the id of the engine of the router of a customer, as it is shown."""
    return (ENTERPRISE + mac_of("GigabitEthernet0/0/0", number).replace(".", "")).upper()


def managed_by(text: str, users: Iterable[User], interfaces: Iterable[Interface], described: str) -> Managed:
    """Return what an agent tells, and whom.

    Args:
        text: the running configuration.
        described: what the router is.
    """
    every = {each.name: each for each in users}
    hostname, domain = reading.value(text, "hostname"), reading.value(text, "ip domain name")

    def phrases(name: str) -> tuple[str, str] | None:
        user = every.get(name)
        if user is None or not any(each.startswith(f"{user.group} v3 priv") for each in groups):
            return None
        return user.phrases

    groups = list(reading.values(text, "snmp-server group"))
    system = {
        1: described,
        4: reading.value(text, "snmp-server contact"),
        5: f"{hostname}.{domain}" if domain else hostname,
        6: reading.value(text, "snmp-server location"),
    }
    shown = list(interfaces)
    short = {each.name: each.short for each in shown}
    return Managed(phrases, system, {each.name: each.up for each in shown}, short)
