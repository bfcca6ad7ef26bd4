"""Writing down an adopted line: the order that its form makes, its devices, and the secrets that its router has."""

from datetime import datetime

from sqlalchemy import Connection

from provisioning.errors import Refused
from provisioning.model.finding import Finding
from provisioning.model.line import Device
from provisioning.model.product import Product
from provisioning.model.read_intent import ReadIntent
from provisioning.model.secret import Secret
from provisioning.orders.amend import digest, plain
from provisioning.orders.form import OrderForm
from provisioning.store import line_secrets, lines
from provisioning.workflows.first_look import FirstLook
from provisioning.workflows.line_devices import devices_of
from provisioning.workflows.line_secrets import (
    DELIVERED,
    DELIVERED_WIFI_KEY,
    GENERATED,
    SNMP_AUTHENTICATION,
    SNMP_PRIVACY,
    WIFI_KEY,
    keep_secret,
)
from provisioning.workflows.surroundings import Surroundings


def register_order(
    connection: Connection, line: str, form: OrderForm, findings: tuple[Finding, ...], now: datetime
) -> OrderForm:
    """Register the form of an adopted line as an accepted order, once for each content; return it with its number.

    Raises:
        Refused: when its number is another line's.
    """
    orders = lines.orders_of(connection, line)
    content = _content(plain(form))
    for each in orders:
        if _content(dict(each.form)) == content:
            return form.model_copy(update={"order": each.number})
    numbered, count = form, 1
    while (known := lines.find_order(connection, numbered.order)) is not None:
        if known.line != line:
            raise Refused(
                f"{numbered.order} is an order of line {known.line}",
                where=form.order,
                remedy="Give the form an order number of its own: `order: …` in --form.",
            )
        count += 1
        numbered = form.model_copy(update={"order": f"{form.order[:58]}-{count}"})
    lines.add_order(
        connection,
        number=numbered.order,
        line=line,
        kind="change" if orders else "new",
        digest=digest(numbered),
        form=plain(numbered),
        warnings=tuple(each.code for each in findings),
        now=now,
    )
    return numbered


def _content(form: dict[str, object]) -> dict[str, object]:
    return {key: value for key, value in form.items() if key not in ("order", "kind", "schema")}


def adopted_devices(look: FirstLook, product: Product | None, now: datetime) -> list[Device]:
    """Return the devices of an adopted line: those of its form, or the router alone where that is refused."""
    if product is not None:
        return devices_of(product, now)
    return [Device("cpe", look.serial, look.platform, None, None, now, None)]


def keep_read_secrets(
    connection: Connection, line: str, form: OrderForm, read: ReadIntent, around: Surroundings
) -> None:
    """Keep the secrets that the router has, encrypted, so that it is told the same when it is configured again.

    The Wi-Fi key is what the customer has at the moment: what differs from it later, the customer changed. Where the
    form names a source for it, that one is the ordered key.
    """
    key = read.wifi.value.key if read.wifi is not None else None
    named = form.wifi.key_from if form.wifi else None
    wanted: list[tuple[str, str, Secret | None]] = [
        (DELIVERED_WIFI_KEY, DELIVERED, key),
        (SNMP_AUTHENTICATION, GENERATED, read.snmp_authentication.value if read.snmp_authentication else None),
        (SNMP_PRIVACY, GENERATED, read.snmp_privacy.value if read.snmp_privacy else None),
    ]
    if named is None:
        wanted.append((WIFI_KEY, GENERATED, key))
    kept = line_secrets.secrets_of(connection, line)
    for name, source, secret in wanted:
        present = kept.get(name)
        if secret is None:
            continue
        opened = around.vault.open(present.sealed, what=f"the {name} of line {line}") if present else None
        if opened is None or opened.reveal() != secret.reveal():
            keep_secret(connection, line, name, source, secret, around)
