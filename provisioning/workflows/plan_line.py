"""Planning a line's router: its secrets, what the customer changed on it, its configuration, and the change to it."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from provisioning.errors import Refused
from provisioning.model.change import Change
from provisioning.model.config import Config, NothingRendered
from provisioning.model.customer_settings import CustomerSettings
from provisioning.model.device import Running
from provisioning.model.intent import AddressedIntent
from provisioning.model.line_secrets import PLACEHOLDER, LineSecrets
from provisioning.model.product import CpeDevice, Product
from provisioning.model.run import Run
from provisioning.model.secret import Secret
from provisioning.planning.plan import plan
from provisioning.platforms.routers import ROUTERS
from provisioning.rendering.adopt import adopt
from provisioning.rendering.render import render, render_bootstrap, why_nothing
from provisioning.store import adoptions, runs
from provisioning.workflows.line_secrets import delivered_key, need_secrets, router_key, router_wifi
from provisioning.workflows.surroundings import Surroundings


@dataclass(frozen=True, slots=True)
class Planned:
    """What a run is going to do to a router.

    Attributes:
        addressed: with what the customer changed on the router taken over.
        secrets: likewise.
        notes: what was taken over, for people.
        ordered_wifi: what the order says of what the customer may change (facts: I-8.1), without the key.
        ordered_key: the key that the order asks for.
        assumed: why the router was not asked, and is taken for factory-new; empty when it was.
    """

    addressed: AddressedIntent
    secrets: LineSecrets
    change: Change
    notes: tuple[str, ...]
    ordered_wifi: Mapping[str, object] | None
    ordered_key: Secret | None
    assumed: str = ""


def plan_line(
    product: Product,
    addressed: AddressedIntent,
    running: Running,
    around: Surroundings,
    *,
    rehearsal: bool = False,
    successor: bool = False,
) -> Planned:
    """Return what has to happen to a line's router; secrets that the line lacks are made and kept.

    Args:
        running: what is in force on the router.
        rehearsal: keep nothing.
        successor: whether the router takes the place of another: what the customer set on that one stays.

    Raises:
        Refused: when there is nothing to configure.
        UnusableTemplate: when a template cannot be rendered.
        EnvironmentTrouble: when a secret is not to be had.
    """
    line = addressed.intent.line
    with around.store.rehearse() if rehearsal else around.store.write() as connection:
        secrets = need_secrets(connection, line, product, around)
        before = runs.latest_proven(connection, line)
        key = delivered_key(connection, line, around)
        delivered = delivered_last(connection, line, before, key)
        seen = _seen(connection, line, before, around) if successor else None
    wifi, ordered_key = _wifi(addressed), secrets.wifi_key
    present = seen if successor else customer_settings(addressed, running)
    addressed, secrets, notes = adopt(addressed, secrets, delivered, present)
    change = _change(addressed, secrets, running, around)
    return Planned(addressed, secrets, change, notes, wifi, ordered_key)


def plan_bootstrap(addressed: AddressedIntent, running: Running, around: Surroundings) -> Planned:
    """Return what has to happen to the router of a line that ceases: it serves no line any more.

    Raises:
        UnusableTemplate: when a template cannot be rendered.
    """
    cpe = need_cpe(addressed)
    config = render_bootstrap(cpe.serial, cpe.platform, around.operator, around.templates)
    change = plan(cpe.serial, running, config, seconds=around.access.revert_seconds)
    return Planned(addressed, PLACEHOLDER, change, (), None, None)


def plan_staged(addressed: AddressedIntent, running: Running, around: Surroundings) -> Planned:
    """Return what would happen to the router of a line that is not there yet, with secrets in place of its own.

    Args:
        running: what is in force on the router where it is staged.

    Raises:
        Refused: when there is nothing to configure.
        UnusableTemplate: when a template cannot be rendered.
    """
    return Planned(addressed, PLACEHOLDER, _change(addressed, PLACEHOLDER, running, around), (), None, None)


def plan_factory_new(addressed: AddressedIntent, why: str, around: Surroundings) -> Planned:
    """Return what would happen to a factory-new router, with secrets in place of those that are not made yet.

    Args:
        why: why the line's own router cannot be asked.

    Raises:
        Refused: when there is nothing to configure.
        UnusableTemplate: when a template cannot be rendered.
    """
    # The documents of ours that a factory-new router has: none.
    nothing = Running(ROUTERS[need_cpe(addressed).platform].digest({}), {})
    change = _change(addressed, PLACEHOLDER, nothing, around, assumed=True)
    return Planned(addressed, PLACEHOLDER, change, (), None, None, assumed=why)


def customer_settings(addressed: AddressedIntent, running: Running) -> CustomerSettings | None:
    """Return what the customer has set on a line's router; None where Wi-Fi is off (facts: I-8.1)."""
    return ROUTERS[need_cpe(addressed).platform].customer_settings(running.documents)


def need_cpe(addressed: AddressedIntent) -> CpeDevice:
    """Return the router of a line.

    Raises:
        Refused: when it has none of ours.
    """
    cpe = addressed.intent.cpe
    if cpe is None or cpe.platform not in ROUTERS:
        raise Refused(
            why_nothing(addressed.intent), where=addressed.intent.line, remedy="There is no router to configure."
        )
    return cpe


def _change(
    addressed: AddressedIntent, secrets: LineSecrets, running: Running, around: Surroundings, *, assumed: bool = False
) -> Change:
    config = _config(addressed, secrets, around)
    serial = need_cpe(addressed).serial
    return plan(serial, running, config, seconds=around.access.revert_seconds, assumed=assumed)


def _config(addressed: AddressedIntent, secrets: LineSecrets, around: Surroundings) -> Config:
    config = render(addressed, around.operator, secrets, around.templates)
    if isinstance(config, NothingRendered):
        raise Refused(config.reason, where=addressed.intent.line, remedy="There is no router to configure.")
    return config


def _wifi(addressed: AddressedIntent) -> dict[str, object] | None:
    wifi = addressed.intent.wifi
    return {"ssid": wifi.ssid, "channel": wifi.channel} if wifi else None


def delivered_last(
    connection: Connection, line: str, before: Run | None, key: Secret | None
) -> CustomerSettings | None:
    """Return what the customer had from us; of a line that was adopted, what he had then.

    Args:
        before: the run that was proven last.
        key: that was delivered last.
    """
    if key is None:
        return None
    if before is not None:
        return delivered_settings(before.delivered, key)
    adoption = adoptions.adoption_of(connection, line)
    if adoption is None or adoption.reading.ssid is None:
        return None
    return CustomerSettings(adoption.reading.ssid, adoption.reading.channel, key)


def _seen(connection: Connection, line: str, before: Run | None, around: Surroundings) -> CustomerSettings | None:
    """Return what the customer had on the line's router when that was seen last."""
    kept = router_wifi(connection, line, around)
    if kept is not None:
        return kept
    # A store of an earlier version: the key apart, the rest with the run that was proven last.
    key = router_key(connection, line, around)
    wifi = before.snapshot.addressed.intent.wifi if before is not None and before.snapshot is not None else None
    return CustomerSettings(wifi.ssid, wifi.channel, key) if wifi is not None and key is not None else None


def delivered_settings(kept: Mapping[str, object] | None, key: Secret) -> CustomerSettings | None:
    """Return what was delivered last of what the customer may change; None when that was no Wi-Fi.

    Args:
        kept: what the run has of it.
        key: that was delivered.
    """
    if kept is None:
        return None
    channel = kept.get("channel")
    return CustomerSettings(str(kept["ssid"]), channel if isinstance(channel, int) else None, key)
