"""What a factory-new router needs before Proviso can speak to it: the helper, and the units that call it at boot.

The operator's key is on it already. Its host key is recorded by the caller. A second time there is nothing to do.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from provisioning.devices import helper
from provisioning.devices.linux_cpe import SERIAL_FILE
from provisioning.errors import DeviceRefused
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
}

FOLDER = "/etc/systemd/system"


@dataclass(frozen=True, slots=True)
class Bootstrapped:
    """A router that Proviso can speak to.

    Attributes:
        host_key: `type key`, for the caller to record.
        helper: digest of the helper that is on it now.
        done: what was done, a line each; empty when nothing had to be.
    """

    serial: str
    host_key: str
    helper: str
    done: tuple[str, ...]

    @property
    def reason(self) -> str:
        """Why nothing was done; empty when something was."""
        return "" if self.done else "its helper and units are those of this version"


def bootstrap(session: Session, *, serial: str | None, host_key: str) -> Bootstrapped:
    """Make a router ready.

    Args:
        session: on it, as root.
        serial: that was ordered; None to take whichever it is.
        host_key: by which it was reached.

    Raises:
        DeviceRefused: when it is another router than the one that was ordered, has no serial, or waits for a change
            to be confirmed that an older helper began.
        DeviceUnreachable: when the connection is lost.
    """
    found = session.run(f"cat {SERIAL_FILE}").output.decode("utf-8", "replace").strip()
    _require_serial(found, serial)
    return Bootstrapped(found, host_key, helper.shipped_digest(), tuple(_make_ready(session, found)))


def _require_serial(found: str, serial: str | None) -> None:
    if not found:
        raise DeviceRefused(
            f"it does not say its serial in {SERIAL_FILE}",
            where=serial or "bootstrap",
            remedy="Is it a router of the platform linux_cpe?",
        )
    if serial is not None and found != serial:
        raise DeviceRefused(
            f"this is router {found}, not {serial}",
            where=serial,
            remedy="Connect the right one, or correct the order.",
        )


def _make_ready(session: Session, serial: str) -> Iterator[str]:
    present = _digest_of(session, helper.PATH)
    if present != helper.shipped_digest() or _mode_of(session, helper.PATH) != "0:700":
        if present:
            _require_nothing_pending(session, serial)
        _write(session, helper.PATH, helper.shipped(), "700", serial)
        yield f"helper {'replaced' if present else 'installed'}"
    for name, text in UNITS.items():
        path = f"{FOLDER}/{name}.service"
        changed = _digest_of(session, path) != hashlib.sha256(text.encode()).hexdigest()
        if changed:
            _write(session, path, text.encode(), "644", serial)
            _run(session, "systemctl daemon-reload", serial)
        enabled = session.run(f"[ -e {FOLDER}/multi-user.target.wants/{name}.service ]").code == 0
        if not enabled:
            _run(session, f"systemctl enable {name}", serial)
        if changed or not enabled:
            yield f"unit {name}.service installed and enabled"


def _require_nothing_pending(session: Session, serial: str) -> None:
    if session.run("[ -s /var/lib/proviso/pending ]").code == 0:
        raise DeviceRefused(
            "a change waits to be confirmed there, under another version's helper",
            where=serial,
            remedy="Wait until it was confirmed or went back, then bootstrap again.",
        )


def _digest_of(session: Session, path: str) -> str:
    return session.run(f"sha256sum <{path} 2>/dev/null | cut -d' ' -f1").output.decode().strip()


def _mode_of(session: Session, path: str) -> str:
    return session.run(f"stat -c %u:%a {path}").output.decode().strip()


def _write(session: Session, path: str, content: bytes, mode: str, serial: str) -> None:
    """Put a file in place: wholly, or not at all."""
    digest = hashlib.sha256(content).hexdigest()
    _run(
        session,
        f"set -e; umask 077; mkdir -p {path.rpartition('/')[0]}; cat >{path}.new; "
        f'[ "$(sha256sum <{path}.new | cut -d" " -f1)" = {digest} ]; chown 0:0 {path}.new; chmod {mode} {path}.new; '
        f"sync; mv -f {path}.new {path}",
        serial,
        given=content,
    )


def _run(session: Session, command: str, serial: str, *, given: bytes = b"") -> Completed:
    answer = session.run(command, given=given)
    if answer.code:
        said = " / ".join(answer.complaints.split("\n")).strip(" /")
        raise DeviceRefused(f"it does not take the helper: {said}", where=serial, remedy="Is its disk full?")
    return answer
