"""Merging a change into the configuration of a router with IOS-XE, and taking it back: NAPALM's steps, and our errors.

The driver notices a refusal only by the words "Invalid input detected", takes the change back then, and tells the
whole answer; whatever else a router refuses stays unseen until one looks.
"""

import difflib
from collections.abc import Iterator
from contextlib import contextmanager

import paramiko
from napalm.base.exceptions import (
    CommandErrorException,
    CommitConfirmException,
    NapalmException,
)
from scp import SCPException

from provisioning.devices.connecting import connection_error
from provisioning.devices.iosxe_connection import FILE_SYSTEM, IosxeDriver
from provisioning.devices.iosxe_files import BEFORE, CANDIDATE, Mark, handed_over
from provisioning.devices.iosxe_look import Look, look
from provisioning.errors import DeviceRefused, DeviceUnreachable, ProvisoError, ScopeBusy
from provisioning.model.change import Change
from provisioning.model.device import Running
from provisioning.model.secret import REDACTED
from provisioning.platforms.cisco_iosxe.canonical import ORDER, canonical
from provisioning.platforms.cisco_iosxe.parsing.complaints import complaints
from provisioning.platforms.cisco_iosxe.redaction import mask, secrets_in

TOLD = 8
"""Lines of a difference, or complaints, that an error tells; the rest is for those who look at the router."""

TO_SAVED = "configure replace nvram:startup-config force"
"""Goes back to what the router starts with."""

REPLACE_SECONDS = 100.0

NO_ANSWER = ("No response", "Timeout")
"""How the library of secure copy begins, of version 0.16, when a server says nothing."""

GOES_BACK = "It went back. Correct the order, the inventory or the template that the line comes from."


def merge(router: IosxeDriver, change: Change, *, minutes: int) -> None:
    """Have a router merge a change, under a timer.

    Raises:
        DeviceRefused: when it takes no files, sets no timer, or refuses a line; it is as before then.
        DeviceUnreachable: when the connection is lost; `router.merging` tells whether it may be merging by itself.
        HostKeyDiffers: when another machine answers when the file is handed over.
    """
    if change.patch is None:
        raise ValueError(f"{change} does not say what is sent")
    router.merging, router.said = False, ""
    with (
        handed_over(Mark(change.base, change.wanted), _takes_no_user(change.patch.reveal())) as path,
        told_by_our_errors(router),
    ):
        router.load_merge_candidate(filename=path)
    with told_by_our_errors(router):
        try:
            router.commit_config(revert_in=60 * minutes)
        except NapalmException:
            if not router.merging:
                raise
            raise DeviceRefused(_complained(router, change), where=router.where, remedy=GOES_BACK) from None
        except DeviceUnreachable as error:
            if router.refused:
                # It refuses a line, and the way to it went with what is taken back.
                error.what = f"{_complained(router, change)}; then {error.what}"
            raise


def require_wanted(router: IosxeDriver, change: Change, running: Running) -> None:
    """Require that what is in force now is what is wanted.

    Raises:
        DeviceRefused: when it is not, with what the router complained of and how it differs, without secrets.
    """
    if running.digest == change.wanted:
        return
    said = _complained(router, change) if complaints(router.said) else "it took every line"
    raise DeviceRefused(
        f"{said}; what came of it differs from what is wanted: {_differences(running, change)}",
        where=router.where,
        remedy=GOES_BACK,
    )


def take_back(router: IosxeDriver) -> Look:
    """Have a router go back to what it had before its timer was set, and return where it stands then.

    A router may abort that in the middle; then it is told to go back to what it starts with, when that is the same.

    Raises:
        DeviceUnreachable: when the connection is lost; it goes back nevertheless.
    """
    with told_by_our_errors(router):
        router.rollback()
    found = look(router)
    if found.timer is None and found.mark is not None and found.confirmed == found.mark.base and found.unsaved:
        router.ask(TO_SAVED, seconds=REPLACE_SECONDS)
        found = look(router)
    return found


def keep(router: IosxeDriver) -> None:
    """Have a router keep what is pending, and save it; where nothing is pending any more, nothing happens.

    Raises:
        DeviceRefused: when it does not save.
        DeviceUnreachable: when the connection is lost.
    """
    with told_by_our_errors(router):
        try:
            router.confirm_commit()
        except CommitConfirmException:
            return  # its time has run out just now: whoever looks sees it


def remove_files(router: IosxeDriver, *names: str) -> None:
    """Remove files of ours from a router's flash memory; those that are not there are no trouble."""
    for name in names or (CANDIDATE, BEFORE):
        router.ask(f"delete /force {FILE_SYSTEM}/{name}")


@contextmanager
def told_by_our_errors(router: IosxeDriver) -> Iterator[None]:
    """Tell what NAPALM, netmiko and paramiko raise by our errors."""
    try:
        yield
    except ProvisoError:
        raise
    except SCPException as error:
        if str(error).startswith(NO_ANSWER):
            raise DeviceUnreachable(
                "the connection was lost when a file was handed over",
                where=router.where,
                remedy="Try again; see whether the router still answers.",
            ) from None
        raise DeviceRefused(
            f"it does not take a file: {_first_line(error)}",
            where=router.where,
            remedy="Is its flash memory full? `proviso device bootstrap` switches its SCP server on.",
        ) from None
    except CommandErrorException as error:
        if "already in progress" not in str(error):
            raise _unready(error, router) from None
        raise ScopeBusy(
            "somebody else has just begun to change it", where=router.where, remedy="Try again when the other is done."
        ) from None
    except NapalmException as error:
        raise _unready(error, router) from None
    except (paramiko.SSHException, OSError, EOFError) as error:
        told = connection_error(error, router.where, router.known_hosts)
        raise told from None
    except ValueError as error:
        raise DeviceRefused(
            f"it answers as no router does: {_first_line(error)}", where=router.where, remedy="Look at the router."
        ) from None


def _takes_no_user(patch: str) -> str:
    """Return a patch without the lines that remove SNMP users: to go back could not bring one with its keys."""
    return "".join(f"{line}\n" for line in patch.splitlines() if not line.startswith("no snmp-server user "))


def _unready(error: NapalmException, router: IosxeDriver) -> DeviceRefused:
    # A mode that is not entered is told by netmiko, with the router's words, before NAPALM tells what it thinks of it.
    cause = error.__context__ if isinstance(error.__context__, ValueError) else error
    return DeviceRefused(
        f"it cannot be changed as it is: {_first_line(cause)}",
        where=router.where,
        remedy="`proviso device bootstrap` makes it ready.",
    )


def _first_line(error: BaseException) -> str:
    return next((line.strip(" %") for line in str(error).splitlines() if line.strip(" %^")), type(error).__name__)


def _complained(router: IosxeDriver, change: Change) -> str:
    found = "; ".join(str(each) for each in complaints(router.said)[:TOLD])
    return f"it refuses {_without_secrets(found, change)}" if found else "it refuses the change"


def _without_secrets(text: str, change: Change) -> str:
    """Return a router's words without what it repeats of a secret."""
    given = [change.patch, *change.config.documents]
    secrets = {found for each in given if each for name in ORDER for found in secrets_in(name, each.reveal())}
    for secret in sorted(secrets, key=len, reverse=True):
        text = text.replace(secret, REDACTED)
    return text


def _differences(running: Running, change: Change) -> str:
    """Return how what is in force differs from what is wanted, for people."""
    found: list[str] = []
    for document in change.config.documents:
        name = document.name
        wanted, live = (canonical(name, mask(name, text)) for text in (document.reveal(), running.documents[name]))
        diff = difflib.unified_diff(wanted.splitlines(), live.splitlines(), n=0, lineterm="")
        found += [line for line in diff if not line.startswith(("---", "+++", "@@"))]
    told = "; ".join(found[:TOLD]) or "in a secret"
    more = f"; and {len(found) - TOLD} lines more" if len(found) > TOLD else ""
    return f"{_without_secrets(told, change)}{more}"
