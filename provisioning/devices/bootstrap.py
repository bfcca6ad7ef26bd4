"""What a factory-new router needs before Proviso can speak to it: the helper, and the units that call it at boot.

The operator's key is on it already. Its host key is recorded by the caller. A second time there is nothing to do.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from provisioning.devices import helper
from provisioning.devices.linux_cpe import SERIAL_FILE
from provisioning.errors import AnswerNotUnderstood, DeviceRefused
from provisioning.ports import Completed, Session

UNITS = {
    "proviso-shut": """\
[Unit]
Description=Forward nothing until Proviso's firewall is loaded
DefaultDependencies=no
After=local-fs.target
Before=network-pre.target systemd-sysctl.service
Wants=network-pre.target

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/usr/local/sbin/proviso-helper shut

[Install]
WantedBy=multi-user.target
""",
    "proviso": """\
[Unit]
Description=Load what Proviso confirmed, or go back to it
After=network.target proviso-shut.service dhcpcd.service ssh.service frr.service dnsmasq.service hostapd.service
After=snmpd.service nftables.service

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/usr/local/sbin/proviso-helper boot

[Install]
WantedBy=multi-user.target
""",
    "proviso-failover": """\
[Unit]
Description=Trust a fixed bearer that failed only when it is stable again
ConditionPathExists=/etc/proviso/failover.conf
After=frr.service

[Service]
Type=exec
ExecStart=/usr/local/sbin/proviso-failover
Restart=always
RestartSec=1

[Install]
WantedBy=multi-user.target
""",
}

FOLDER = "/etc/systemd/system"


@dataclass(frozen=True, slots=True)
class Bootstrapped:
    """A router that Proviso can speak to.

    Attributes:
        host_key: `type key`, for the caller to record.
        helper: digest of the helper that is on it now; empty on a platform that has none.
        done: what was done, a line each; empty when nothing had to be.
        already: why nothing had to be.
    """

    serial: str
    host_key: str
    helper: str
    done: tuple[str, ...]
    already: str = "its helper and units are those of this version"

    @property
    def reason(self) -> str:
        """Why nothing was done; empty when something was."""
        return "" if self.done else self.already


def bootstrap(session: Session, *, serial: str | None, host_key: str) -> Bootstrapped:
    """Make a router ready.

    Args:
        session: on it, as root.
        serial: that was ordered; None to take whichever it is.
        host_key: by which it was reached.

    Raises:
        AnswerNotUnderstood: when its answer was cut.
        DeviceRefused: when it is another router than the one that was ordered, has no serial, or waits for a change
            to be confirmed that an older helper began.
        DeviceUnreachable: when the connection is lost.
    """
    answer = session.run(f"cat {SERIAL_FILE}; echo end").output.decode("utf-8", "replace")
    if not answer.endswith("end\n"):
        raise AnswerNotUnderstood(
            f"it does not say all of {SERIAL_FILE}", where=serial or "bootstrap", remedy="Try again."
        )
    found = answer.removesuffix("end\n").strip()
    require_serial(found, serial, SERIAL_FILE, "linux_cpe")
    return Bootstrapped(found, host_key, helper.shipped_digest(), tuple(_make_ready(session, found)))


def require_serial(found: str, serial: str | None, place: str, platform: str) -> None:
    """Require that a router is the one that was ordered.

    Args:
        found: what it says; empty when it says nothing.
        serial: that was ordered; None to take whichever it is.
        place: where it says it.
        platform: that it should be of.

    Raises:
        DeviceRefused: when it is not.
    """
    if not found:
        raise DeviceRefused(
            f"it does not say its serial in {place}",
            where=serial or "bootstrap",
            remedy=f"Is it a router of the platform {platform}? `--platform` names another.",
        )
    if serial is not None and found != serial:
        raise DeviceRefused(
            f"this is router {found}, not {serial}",
            where=serial,
            remedy="Connect the right one, or correct the order.",
        )


def _make_ready(session: Session, serial: str) -> Iterator[str]:
    if session.run(helper.guard()).code:
        present = session.run(f"[ -e {helper.PATH} ]").code == 0
        for path, content in helper.shipped().items():
            _send(session, path, content, helper.MODE, serial)
        _take_helper(session, serial)
        # A guard that runs is still the one before.
        _run(session, f"[ ! -e {FOLDER}/proviso-failover.service ] || systemctl try-restart proviso-failover", serial)
        yield f"helper {'replaced' if present else 'installed'}"
    for name, text in UNITS.items():
        path = f"{FOLDER}/{name}.service"
        changed = _digest_of(session, path) != hashlib.sha256(text.encode()).hexdigest()
        if changed:
            _send(session, path, text.encode(), "644", serial)
            _run(session, f"mv -f {path}.new {path} && systemctl daemon-reload", serial)
        enabled = session.run(f"[ -e {FOLDER}/multi-user.target.wants/{name}.service ]").code == 0
        if not enabled:
            _run(session, f"systemctl enable {name}", serial)
        if changed or not enabled:
            yield f"unit {name}.service installed and enabled"


def _take_helper(session: Session, serial: str) -> None:
    """Put the files of the helper in place, in one go, while nobody can begin a change with the ones before them.

    Killed in between, it leaves files that do not belong together: `helper.guard` refuses it, so that nothing can
    be begun with it either, and the next bootstrap mends it.
    """
    moves = " && ".join(f"mv -f {path}.new {path}" for path in helper.PARTS)
    answer = session.run(
        "set -e; umask 077; mkdir -p /run/proviso; exec 9>/run/proviso/lock; "
        f"flock -w 20 9 || exit {helper.Code.BUSY:d}; "
        f"[ ! -s /var/lib/proviso/pending ] || exit {helper.Code.OTHER_PENDING:d}; {moves}; sync"
    )
    match answer.code:
        case 0:
            return
        case helper.Code.OTHER_PENDING:
            raise DeviceRefused(
                "a change waits to be confirmed there, under another version's helper",
                where=serial,
                remedy="Wait until it was confirmed or went back, then bootstrap again.",
            )
        case helper.Code.BUSY:
            raise helper.refusal(answer.code, "somebody else is changing this router", serial)
        case _:
            raise _not_taken(answer, serial)


def _digest_of(session: Session, path: str) -> str:
    return session.run(f"sha256sum <{path} 2>/dev/null | cut -d' ' -f1").output.decode().strip()


def _send(session: Session, path: str, content: bytes, mode: str, serial: str) -> None:
    """Write a file beside where it is going to stand, wholly; the caller moves it there."""
    new, digest = f"{path}.new", hashlib.sha256(content).hexdigest()
    _run(
        session,
        f"set -e; umask 077; mkdir -p {path.rpartition('/')[0]}; cat >{new}; "
        f'[ "$(sha256sum <{new} | cut -d" " -f1)" = {digest} ]; chown 0:0 {new}; chmod {mode} {new}; sync',
        serial,
        given=content,
    )


def _run(session: Session, command: str, serial: str, *, given: bytes = b"") -> None:
    answer = session.run(command, given=given)
    if answer.code:
        raise _not_taken(answer, serial)


def _not_taken(answer: Completed, serial: str) -> DeviceRefused:
    said = " / ".join(answer.complaints.split("\n")).strip(" /")
    return DeviceRefused(f"it does not take the helper: {said}", where=serial, remedy="Is its disk full?")
