"""A router that runs Linux, by way of the helper on it."""

import io
import json
import re
import tarfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from provisioning.devices import helper
from provisioning.errors import AnswerNotUnderstood
from provisioning.model.bearer import Announced, BearerReport, Cut
from provisioning.model.change import Change
from provisioning.model.config import Config
from provisioning.model.device import DeviceFacts, DeviceStatus, Running
from provisioning.model.intent import AddressedIntent
from provisioning.model.live_session import EndedSessions, sessions_to_end
from provisioning.model.opening import Opening
from provisioning.model.secret import REDACTED
from provisioning.platforms.linux_cpe.announced import parse_announced
from provisioning.platforms.linux_cpe.bearers import parse_bearers
from provisioning.platforms.linux_cpe.digest import config_digest, documents_digest
from provisioning.platforms.linux_cpe.fetched import fetched_documents
from provisioning.platforms.linux_cpe.redaction import secrets_in
from provisioning.platforms.linux_cpe.sessions import shown_sessions
from provisioning.ports import Session

SERIAL_FILE = "/etc/device-serial"

ABANDON_SECONDS = 10.0
"""After which nobody waits any longer for the answer to `abandon`: it may have been cut off by what was taken back."""

STATUS_SECONDS = 10.0
"""After which nobody waits any longer for where it stands: it is asked again, on a fresh connection."""

FACTS = rf"""
PATH=$PATH:/usr/sbin:/sbin:/usr/lib/frr
first() {{ "$@" 2>&1 </dev/null | head -n 1; }}
echo "serial $(cat {SERIAL_FILE} 2>/dev/null)"
echo "hostname $(uname -n)"
echo "uptime $(cut -d. -f1 /proc/uptime)"
echo "helper $({helper.INSTALLED})"
echo "version kernel $(uname -r)"
echo "version frr $(first zebra --version)"
echo "version nftables $(first nft --version)"
echo "version dnsmasq $(first dnsmasq --version)"
echo "version dhcpcd $(first dhcpcd --version)"
echo "version hostapd $(first hostapd -v)"
echo "version snmpd $(snmpd --version 2>&1 | grep -m 1 version)"
echo "version openssh $(first ssh -V)"
echo "addresses $(ip -j address show scope global | tr -d '\n')"
echo end
"""


class LinuxCpe:
    """A router of the platform `linux_cpe`.

    Args:
        session: on the router, as root.
        serial: of the router, for errors.
    """

    def __init__(self, session: Session, serial: str) -> None:
        self._session = session
        self._serial = serial

    def facts(self) -> DeviceFacts:
        """Return what it says of itself; this works without the helper, too.

        Raises:
            AnswerNotUnderstood: when its answer was cut.
        """
        answer = self._session.run(FACTS)
        if not answer.output.endswith(b"end\n"):
            raise self._strange("facts")
        told: dict[str, str] = {}
        versions: dict[str, str] = {}
        for line in answer.output.decode("utf-8", "replace").splitlines():
            key, _, value = line.partition(" ")
            if key == "version":
                name, _, version = value.partition(" ")
                versions[name] = _version(version)
            else:
                told[key] = value.strip()
        return DeviceFacts(
            serial=told.get("serial", ""),
            hostname=told.get("hostname", ""),
            uptime_seconds=_number(told.get("uptime", "")),
            versions={name: version for name, version in versions.items() if version},
            helper=told.get("helper", ""),
            addresses=_addresses(told.get("addresses", "")),
        )

    def fetch(self) -> Running:
        """Return what is in force.

        Raises:
            AnswerNotUnderstood: when its answer makes no sense, or was cut.
            DeviceRefused: when its helper is missing or another one.
        """
        try:
            documents = fetched_documents(self._ask("fetch").encode("utf-8", "surrogateescape"))
        except ValueError:
            raise self._strange("fetch") from None
        return Running(documents_digest(documents), documents)

    def status(self) -> DeviceStatus:
        """Return where it stands between two configurations.

        Raises:
            AnswerNotUnderstood: when its answer makes no sense, or was cut.
        """
        answer = self._ask("status", seconds=STATUS_SECONDS)
        if not answer.endswith("\n"):
            raise self._strange("status")
        told = {key: value.strip() for key, _, value in (line.partition(":") for line in answer.splitlines())}
        try:
            deadline = datetime.fromtimestamp(int(told["deadline"]), UTC) if told["deadline"] else None
            return DeviceStatus(
                confirmed=told["confirmed"],
                pending=told["pending"],
                deadline=deadline,
                live=told["live"],
                settled=told["settled"] == "yes",
                outcome=told["outcome"],
            )
        except (KeyError, ValueError, OverflowError, OSError):
            raise self._strange("status") from None

    def apply(self, change: Change, *, seconds: int) -> None:
        """Check the change on the device, start its revert timer, and begin to put the change in force.

        Raises:
            DeviceMoved: when what is in force is not what the change was computed from.
            DeviceRefused: when a daemon's checker refuses a document, with its words; nothing was changed then.
            ScopeBusy: when somebody else is changing the router at the moment.
        """
        if config_digest(change.config) != change.wanted:
            raise ValueError(f"{change} does not carry what it says")
        hidden = {each.name: each.reveal() for each in change.config.documents}
        self._ask("stage", given=_archive(change.config), hidden=hidden)
        self._ask(f"apply {int(seconds)} {_hex(change.base)} {_hex(change.wanted)}", seconds=60, hidden=hidden)

    def confirm(self, digest: str) -> None:
        """Keep what is pending; asked again, it changes nothing.

        Raises:
            DeviceRefused: when something else is pending, or confirmed, or it is not wholly in force yet.
        """
        self._ask(f"confirm {_hex(digest)}")

    def abandon(self) -> None:
        """Go back to what was confirmed last; asked again, it changes nothing.

        Raises:
            DeviceUnreachable: when the way to the router goes with what is taken back; it goes back nevertheless.
        """
        self._ask("abandon", seconds=ABANDON_SECONDS)

    def end_sessions(self, closed: Sequence[Opening], addressed: AddressedIntent) -> EndedSessions:
        """End the sessions that came in by openings which are closed now, and no others.

        Raises:
            AnswerNotUnderstood: when the list of sessions was cut.
            DeviceRefused: when it has no conntrack, or the helper is another one.
        """
        listed = self._ask("sessions")
        if not listed.endswith("end\n"):
            raise self._strange("sessions")
        found = sessions_to_end(shown_sessions(listed), closed, addressed)
        if found:
            given = "".join(
                f"{each.protocol} {each.source} {each.source_port} {each.target} {each.target_port}\n"
                for each in found
            )
            self._ask("end-sessions", given=given.encode("ascii"))
        return EndedSessions(len(found))

    @property
    def cuts(self) -> frozenset[Cut]:
        """The kinds of cut that it can make: all."""
        return frozenset(Cut)

    def bearers(self) -> BearerReport:
        """Return what it says of its bearers.

        Raises:
            AnswerNotUnderstood: when its answer makes no sense, or was cut.
            DeviceRefused: when its line has no back-up, or its helper is another one.
        """
        try:
            return parse_bearers(self._ask("bearers", seconds=STATUS_SECONDS))
        except (ValueError, KeyError, StopIteration):
            raise self._strange("bearers") from None

    def announced(self) -> Announced:
        """Return what it tells the BGP neighbours of each bearer.

        Raises:
            AnswerNotUnderstood: when its answer makes no sense, or was cut.
            DeviceRefused: when its line has no back-up, or its helper is another one.
        """
        try:
            return parse_announced(self._ask("announced", seconds=STATUS_SECONDS))
        except ValueError:
            raise self._strange("announced") from None

    def begin_drill(self, token: str, cut: Cut, *, seconds: int) -> None:
        """Have it cut its fixed bearer, and end that by itself; asked again with the same token, it changes nothing.

        Args:
            token: letters, digits, dots and dashes; one that was used before is not drilled again.
            seconds: 1 to 3600; less when it loses power.

        Raises:
            DeviceRefused: when another drill runs, a change waits to be confirmed, or the line has no back-up.
            ScopeBusy: when somebody else is changing the router at the moment.
        """
        self._ask(f"drill {_token(token)} {cut.value} {int(seconds)}")

    def end_drill(self, token: str) -> None:
        """End the cut now, and return when it is healed; asked again, it changes nothing."""
        self._ask(f"drill-end {_token(token)}")

    def close(self) -> None:
        """End the connection."""
        self._session.close()

    def _ask(
        self, arguments: str, *, given: bytes = b"", seconds: float = 30, hidden: Mapping[str, str] | None = None
    ) -> str:
        answer = self._session.run(helper.guarded(arguments), given=given, seconds=seconds)
        if answer.code:
            raise helper.refusal(answer.code, _refused_words(answer.complaints, hidden or {}), self._serial)
        return answer.output.decode("utf-8", "surrogateescape")

    def _strange(self, what: str) -> AnswerNotUnderstood:
        return AnswerNotUnderstood(
            f"its answer to `{what}` makes no sense, or was cut",
            where=self._serial,
            remedy="Try again, and look at the router when it stays so.",
        )


def _archive(config: Config) -> bytes:
    held = io.BytesIO()
    with tarfile.open(fileobj=held, mode="w") as archive:
        for document in config.documents:
            text = document.reveal().encode("utf-8", "surrogateescape")
            member = tarfile.TarInfo(document.name)
            member.size, member.mode = len(text), 0o600
            archive.addfile(member, io.BytesIO(text))
    return held.getvalue()


def _refused_words(words: str, hidden: Mapping[str, str]) -> str:
    """Return what the helper complains of, without the documents that are fine: checkers quote what they refuse."""
    kept = "\n".join(line for line in words.splitlines() if not line.endswith(": ok"))
    secrets = {each for name, text in hidden.items() for each in secrets_in(name, text)}
    for secret in sorted(secrets, key=len, reverse=True):
        kept = kept.replace(secret, REDACTED)
    return kept


def _hex(digest: str) -> str:
    """Return a digest that is safe in a shell command."""
    if not digest or set(digest) - set("0123456789abcdef"):
        raise ValueError(f"no digest: {digest!r}")
    return digest


def _token(token: str) -> str:
    """Return a token that is safe in a shell command."""
    if not re.fullmatch(r"[A-Za-z0-9._-]+", token, re.ASCII):
        raise ValueError(f"no token: {token!r}")
    return token


def _version(said: str) -> str:
    """Return the first word that looks like a version."""
    words = said.replace("_", " ").replace(",", " ").split()
    return next((word.removeprefix("v") for word in words if word.removeprefix("v")[:1].isdigit()), "")


def _number(text: str) -> int:
    return int(text) if text.isdecimal() else 0


def _addresses(text: str) -> dict[str, tuple[str, ...]]:
    """Return the addresses of what `ip -j address` says."""
    try:
        interfaces = json.loads(text)
        # What is filtered out leaves empty objects behind.
        found = {
            str(each["ifname"]): tuple(f"{info['local']}/{info['prefixlen']}" for info in each["addr_info"] if info)
            for each in interfaces
            if each
        }
    except (ValueError, KeyError, TypeError):
        return {}
    return {name: addresses for name, addresses in found.items() if addresses}
