"""The secrets that one CPE is told."""

from dataclasses import dataclass

from provisioning.model.secret import Secret


@dataclass(frozen=True, slots=True)
class LineSecrets:
    """Secrets of a line.

    Attributes:
        wifi_key: 8 to 63 printable ASCII characters, or 64 hexadecimal digits; None where Wi-Fi is off.
        snmp_authentication: at least 8 characters (RFC 3414, 11.2).
        snmp_privacy: likewise.
    """

    wifi_key: Secret | None
    snmp_authentication: Secret
    snmp_privacy: Secret


PLACEHOLDER = LineSecrets(
    wifi_key=Secret("to-be-generated"),
    snmp_authentication=Secret("to-be-generated"),
    snmp_privacy=Secret("to-be-generated"),
)
"""Secrets of the right form for a plan, before any are generated."""
