"""Telling people of what went wrong and of what is well again: to a command, and to a webhook.

What is to be told is written down before anybody is told, and struck off after: whatever ends the process in between,
it is told, at worst twice. That nobody could be told never stands in the way of the work itself.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import sleep

from provisioning.backups.alerts import StateChange, alert_data, alert_text, due, group, mark_told, take_in
from provisioning.errors import ProvisoError
from provisioning.store.told import keep_watched, watched
from provisioning.workflows.alert_channels import post_webhook, run_command
from provisioning.workflows.scope_lock import hold_if_free
from provisioning.workflows.surroundings import Surroundings

COMMAND, WEBHOOK = "command", "webhook"
LOCK = "alerts"
LOCK_SECONDS = 60.0
"""How long another process may be telling: what it tells need not be told twice."""


@dataclass(frozen=True, slots=True)
class Told:
    """What became of telling.

    Attributes:
        changes: those that somebody was told of.
        text: the same for people; empty when there was nothing to tell.
        troubles: why a channel could not be told, a line each; it is told the next time.
    """

    changes: int = 0
    text: str = ""
    troubles: tuple[str, ...] = ()


def tell_alerts(
    changes: Sequence[StateChange], around: Surroundings, *, wait: Callable[[float], object] = sleep
) -> Told:
    """Tell what changed, and what could not be told before; return what became of it, and never raise for it.

    Args:
        changes: how lines stand, those that stand as before included or not: who was told what decides.
        wait: lets so many seconds pass between two tries.
    """
    try:
        with around.store.write() as connection:
            keep_watched(connection, take_in(watched(connection), changes))
        # Two processes that tell at once would tell the same.
        with hold_if_free(around.state, LOCK, seconds=LOCK_SECONDS) as held:
            return _tell(around, wait) if held else Told(troubles=("another process is telling alerts: it goes on",))
    except ProvisoError as error:
        return Told(troubles=(f"alerts were not told: {error}",))


def _tell(around: Surroundings, wait: Callable[[float], object]) -> Told:
    told: dict[tuple[str, str], StateChange] = {}
    troubles: list[str] = []
    for channel, send in _channels(around, wait).items():
        with around.store.read() as connection:
            open_changes = due(watched(connection), channel)
        if not open_changes:
            continue
        trouble = send(json.dumps(alert_data(group(open_changes), at=around.clock.now()), indent=2).encode())
        if trouble:
            number = len(open_changes)
            what = "1 alert was not told" if number == 1 else f"{number:,} alerts were not told"
            troubles.append(f"{what}: {trouble}; told the next time")
            continue
        with around.store.write() as connection:
            keep_watched(connection, mark_told(watched(connection), open_changes, channel))
        told.update(((each.what, each.line), each) for each in open_changes)
    return Told(len(told), alert_text(group(told.values())), tuple(troubles))


def _channels(around: Surroundings, wait: Callable[[float], object]) -> dict[str, Callable[[bytes], str]]:
    settings, found = around.backups, dict[str, Callable[[bytes], str]]()
    command, webhook = settings.alert_command, settings.alert_webhook
    if command:
        found[COMMAND] = lambda told: run_command(command, told)
    if webhook is not None:
        found[WEBHOOK] = lambda told: post_webhook(webhook, told, wait=wait)
    return found
