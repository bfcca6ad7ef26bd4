"""Steps of playbooks that change nothing: waiting, looking at something more, telling somebody.

Whatever comes of them, the run goes on; what was found, or was in the way, is told in its notes.
"""

import json
import time
from collections.abc import Mapping

from provisioning.errors import ProvisoError
from provisioning.workflows.alert_channels import post_webhook, run_command
from provisioning.workflows.attempt import Attempt

MARGIN_SECONDS = 10.0
"""Before the router goes back by itself: then nothing waits any longer."""


def wait(attempt: Attempt, settings: Mapping[str, object]) -> None:
    """Wait, at most until shortly before the router goes back by itself.

    Args:
        attempt: the run.
        settings: `seconds`.

    Raises:
        Stopped: when the run is told to stop meanwhile, and can still turn back.
    """
    seconds = float(str(settings.get("seconds", 0)))
    if attempt.deadline:
        seconds = min(seconds, attempt.deadline - time.monotonic() - MARGIN_SECONDS)
    if seconds <= 0:
        return
    stage = attempt.now().stage
    attempt.say(stage, f"waits {seconds:.0f} s, as its playbook says")
    attempt.stop.wait(seconds)
    attempt.say(stage, "goes on")


def look(attempt: Attempt, _: Mapping[str, object]) -> None:
    """Look at the router's state, for information."""
    if attempt.product.cpe is None:
        return
    stage = attempt.now().stage
    attempt.say(stage, f"looks at {attempt.router.serial}")
    try:
        facts, status = attempt.router.facts(), attempt.router.status()
    except ProvisoError as error:
        note(attempt, f"The router could not be looked at: {error}.")
        return
    addresses = ", ".join(f"{name} {' '.join(each)}" for name, each in sorted(facts.addresses.items()) if each)
    pending = "a change is pending" if status.pending else "nothing is pending"
    note(attempt, f"{attempt.router.serial}: up {facts.uptime_seconds} s, {pending}; {addresses}.")


def notify(attempt: Attempt, settings: Mapping[str, object]) -> None:
    """Say something to the command and the webhook of the alerts.

    Args:
        attempt: the run.
        settings: `text`.
    """
    channels, text = attempt.around.backups, str(settings.get("text", ""))
    if not channels.alert_command and channels.alert_webhook is None:
        note(attempt, "Nobody was notified: set alert_command or alert_webhook.")
        return
    attempt.say(attempt.now().stage, "notifies, as its playbook says")
    told = json.dumps(
        {
            "event": "change",
            "text": text,
            "request": attempt.run.request,
            "line": attempt.line,
            "run": attempt.id,
            "device": attempt.run.scope,
            "at": attempt.around.clock.now().isoformat(timespec="seconds"),
        }
    ).encode()
    if channels.alert_command:
        _tell_trouble(attempt, run_command(channels.alert_command, told))
    if channels.alert_webhook is not None:
        _tell_trouble(attempt, post_webhook(channels.alert_webhook, told, wait=attempt.stop.wait))


def note(attempt: Attempt, text: str) -> None:
    """Add to what people should know of a run, once."""
    if text not in attempt.notes:
        attempt.notes = (*attempt.notes, text)


def _tell_trouble(attempt: Attempt, trouble: str) -> None:
    if trouble:
        note(attempt, f"Not everybody was notified: {trouble}.")
