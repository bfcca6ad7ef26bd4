"""The secrets that a line's router is told: read from where the form says, or generated once, and kept encrypted."""

import json
from collections.abc import Iterator

from sqlalchemy import Connection

from provisioning.errors import EnvironmentTrouble
from provisioning.model.customer_settings import CustomerSettings
from provisioning.model.line_secrets import LineSecrets
from provisioning.model.product import Product, WifiNetwork
from provisioning.model.secret import Secret
from provisioning.secrets.generate import generate_secret
from provisioning.store import line_secrets
from provisioning.store.line_secrets import SealedSecret
from provisioning.workflows.surroundings import Surroundings

WIFI_KEY = "wifi-key"
DELIVERED_WIFI_KEY = "delivered-wifi-key"
ROUTER_WIFI = "router-wifi"
ROUTER_WIFI_KEY = "router-wifi-key"
"""As earlier versions kept it, without the rest; `ROUTER_WIFI` takes its place."""

SNMP_AUTHENTICATION = "snmp-authentication"
SNMP_PRIVACY = "snmp-privacy"
GENERATED = "generated"
DELIVERED = "delivered"
ON_ROUTER = "on the router"


def need_secrets(connection: Connection, line: str, product: Product, around: Surroundings) -> LineSecrets:
    """Return the secrets of a line; those that it lacks are read or generated, and kept, in the caller's transaction.

    Raises:
        EnvironmentTrouble: when one is neither kept nor to be read, or cannot be decrypted.
    """
    kept = line_secrets.secrets_of(connection, line)
    values = {
        name: _need(connection, line, name, source, kept.get(name), around) for name, source in _wanted(product.wifi)
    }
    return LineSecrets(
        wifi_key=values.get(WIFI_KEY),
        snmp_authentication=values[SNMP_AUTHENTICATION],
        snmp_privacy=values[SNMP_PRIVACY],
    )


def keep_delivered_key(connection: Connection, line: str, key: Secret, around: Surroundings) -> None:
    """Keep the Wi-Fi key that the order asked for, now that it is delivered: what differs later is the customer's."""
    keep_secret(connection, line, DELIVERED_WIFI_KEY, DELIVERED, key, around)


def delivered_key(connection: Connection, line: str, around: Surroundings) -> Secret | None:
    """Return the Wi-Fi key that was delivered last; None when none was."""
    return _kept(connection, line, DELIVERED_WIFI_KEY, around)


def keep_router_wifi(connection: Connection, line: str, settings: CustomerSettings, around: Surroundings) -> None:
    """Keep the Wi-Fi settings that are on the line's router, ours or the customer's: its successor gets them.

    They are kept when they were proven there, and whenever they are seen to have changed since.
    """
    keep_secret(connection, line, ROUTER_WIFI, ON_ROUTER, Secret(_wifi_text(settings)), around)


def is_router_wifi(connection: Connection, line: str, settings: CustomerSettings, around: Surroundings) -> bool:
    """Return whether Wi-Fi settings are those that are kept of the line's router."""
    kept = _kept(connection, line, ROUTER_WIFI, around)
    return kept is not None and kept.reveal() == _wifi_text(settings)


def router_wifi(connection: Connection, line: str, around: Surroundings) -> CustomerSettings | None:
    """Return the Wi-Fi settings that were seen on the line's router last; None when none were."""
    whole = _kept(connection, line, ROUTER_WIFI, around)
    if whole is None:
        return None
    kept = json.loads(whole.reveal())
    return CustomerSettings(kept["ssid"], kept["channel"], Secret(kept["key"]))


def _wifi_text(settings: CustomerSettings) -> str:
    return json.dumps({"ssid": settings.ssid, "channel": settings.channel, "key": settings.key.reveal()})


def router_key(connection: Connection, line: str, around: Surroundings) -> Secret | None:
    """Return the Wi-Fi key that an earlier version of Proviso proved on the line's router; None when it did not."""
    return _kept(connection, line, ROUTER_WIFI_KEY, around)


def _kept(connection: Connection, line: str, name: str, around: Surroundings) -> Secret | None:
    kept = line_secrets.secrets_of(connection, line).get(name)
    return around.vault.open(kept.sealed, what=f"the {name} of line {line}") if kept else None


def _wanted(wifi: WifiNetwork | None) -> Iterator[tuple[str, str]]:
    if wifi is not None:
        yield WIFI_KEY, wifi.key_from or GENERATED
    yield SNMP_AUTHENTICATION, GENERATED
    yield SNMP_PRIVACY, GENERATED


def _need(
    connection: Connection, line: str, name: str, source: str, kept: SealedSecret | None, around: Surroundings
) -> Secret:
    if kept is not None and kept.source == source:
        return around.vault.open(kept.sealed, what=f"the {name} of line {line}")
    value = generate_secret() if source == GENERATED else around.secrets.read(source)
    if value is None:
        raise EnvironmentTrouble(
            f"the {name} of line {line} is not there",
            where=source,
            remedy="Set that variable to the key, in the environment of this command.",
        )
    keep_secret(connection, line, name, source, value, around)
    return value


def keep_secret(
    connection: Connection, line: str, name: str, source: str, value: Secret, around: Surroundings
) -> None:
    """Keep a secret of a line, encrypted, in place of the one of the same name."""
    sealed = SealedSecret(name, around.vault.seal(value), source)
    line_secrets.keep_secret(connection, line, sealed, around.clock.now())
