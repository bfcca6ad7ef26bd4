"""A Huawei SmartAX OLT: what it has for one ONT, and how that is changed."""

import logging
import re
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from provisioning.devices.connecting import check_known
from provisioning.devices.dial import dial
from provisioning.errors import AnswerNotUnderstood, DeviceRefused, NoSessionFree, ProvisoError
from provisioning.model.ont import AccessRunning, OntScope, OntService
from provisioning.model.proxy import Proxy
from provisioning.model.secret import Secret
from provisioning.platforms.huawei_smartax import commands
from provisioning.platforms.huawei_smartax.answers import Refusal, confirmed, nothing_there, refusal
from provisioning.platforms.huawei_smartax.digest import service_digest
from provisioning.platforms.huawei_smartax.read_configuration import read_configuration
from provisioning.platforms.huawei_smartax.read_ont import OntInfo, read_found, read_ont, read_onts
from provisioning.platforms.huawei_smartax.read_service_ports import read_service_ports
from provisioning.platforms.huawei_smartax.read_shared import (
    DbaProfile,
    read_dba_profile,
    read_line_profile,
    read_service_profile,
    read_traffic_table,
)
from provisioning.platforms.huawei_smartax.running import service_of
from provisioning.platforms.huawei_smartax.shared import SharedKind, SharedObject, shared_by
from provisioning.platforms.huawei_smartax.written import written

if TYPE_CHECKING:
    from provisioning.devices.smartax_connection import SmartAxConnection

ANSWER_SECONDS = 30.0
"""How long an answer may take: an OLT that tells an ONT its new profile needs a while."""

SAVE_SECONDS = 300.0
"""Saving takes minutes on a full OLT, it says so itself."""

BUSY_SECONDS = 60.0
"""How long an OLT that is busy is asked again."""

SESSION_SECONDS = 60.0
"""How long one waits for a session when others have them all: an OLT allows about ten."""

PAUSE_SECONDS = 1.0
"""Between two attempts at one that is busy."""

SAVE = "save"
SAVED = re.compile(r"saved\s+(?:successfully|completely)", re.IGNORECASE)
"""What it says when it has; the prompt comes back long before."""

_T = TypeVar("_T")


class SmartAx:
    """An OLT.

    Args:
        connection: in privileged mode.
        name: of the OLT in the inventory, for errors and scopes.
        seconds: how long an answer may take.
        remember: ask only once about what ONTs share: for a session that looks at many and changes nothing.
    """

    def __init__(
        self,
        connection: "SmartAxConnection",
        name: str,
        *,
        seconds: float = ANSWER_SECONDS,
        remember: bool = False,
    ) -> None:
        self._connection = connection
        self._name = name
        self._seconds = seconds
        self._remember = remember
        self._pages: dict[str, str] = {}

    def fetch(self, scope: OntScope, wanted: OntService | None) -> AccessRunning:
        """Return what is in force in one scope, and what of the OLT `wanted` shares with others.

        Raises:
            AnswerNotUnderstood: when an answer makes no sense, or was cut.
            DeviceRefused: when the OLT refuses a question, as for a board that it has not.
            DeviceUnreachable: when the connection is lost, or an answer takes too long.
        """
        info = self._parsed(commands.show_ont(scope), read_ont)
        found = None if info is None else self._service(scope, info)
        service, index, text = found or (None, None, "")
        return AccessRunning(
            scope=scope,
            service=service,
            shared=self._shared(wanted) if wanted else {},
            elsewhere=tuple(each for each in self.find(wanted.serial) if each != scope) if wanted else (),
            online=None if info is None else info.online,
            digest=service_digest(service),
            service_port_index=index,
            written=text,
        )

    def run(self, lines: Sequence[str]) -> None:
        """Send commands, in order. What was done before a refusal stays: plan anew from what is in force then.

        Raises:
            DeviceRefused: when one is refused, with it and the OLT's own words.
            AnswerNotUnderstood: when nobody can tell from an answer whether it was done.
            DeviceUnreachable: when the connection is lost, or an answer takes too long.
        """
        try:
            for line in lines:
                self._do(line)
        except (DeviceRefused, AnswerNotUnderstood):
            with suppress(ProvisoError):  # the session may be needed for looking
                self._connection.ask(commands.RETURN, seconds=self._seconds, agree=True)
            raise

    def save(self) -> None:
        """Have the OLT keep what is in force over a loss of power. Saving what is saved changes nothing.

        Raises:
            DeviceRefused: when it does not.
            DeviceUnreachable: when the connection is lost, or it takes too long.
        """
        answer, refused = self._patiently(SAVE, SAVE_SECONDS)
        if refused is not None:
            raise DeviceRefused(
                f"it did not save: {refused.words}", where=self._name, remedy="Run `save` on it by hand."
            )
        if not SAVED.search(answer):
            self._connection.hear(SAVED, seconds=SAVE_SECONDS)

    def find(self, serial: str) -> tuple[OntScope, ...]:
        """Return where on this OLT a serial is registered."""
        command = commands.show_serial(serial)
        found = self._parsed(command, read_onts)
        return tuple(OntScope(self._name, each.port, each.ont_id) for each in found)

    def autofind(self, port: str) -> tuple[str, ...]:
        """Return the serials of the ONTs that shine on a port and are not registered."""
        found = self._parsed(commands.SHOW_FOUND, read_found)
        return tuple(serial for place, serial in found if place == port)

    def close(self) -> None:
        """End the connection; ending it twice changes nothing."""
        self._connection.disconnect()

    def _service(self, scope: OntScope, info: OntInfo) -> tuple[OntService, int | None, str]:
        command = commands.show_ont_configuration(scope)
        configuration = self._parsed(command, lambda page: read_configuration(page, scope))
        ports = self._parsed(commands.show_service_ports(scope), read_service_ports)
        numbers = {each for port in ports for each in (port.inbound, port.outbound) if each is not None}
        tables = {each: self._table_name(each) for each in sorted(numbers)}
        try:
            service, index = service_of(info, configuration, ports, tables)
        except AnswerNotUnderstood as error:
            raise AnswerNotUnderstood(error.what, where=str(scope), remedy=error.remedy) from None
        return service, index, written(scope, info, configuration, tables)

    def _table_name(self, number: int) -> str:
        table = self._parsed(commands.show_traffic_table_number(number), read_traffic_table)
        if table is None:
            raise AnswerNotUnderstood(
                f"a service-port uses traffic table {number}, and there is none", where=self._name, remedy="Try again."
            )
        return table.name

    def _shared(self, wanted: OntService) -> Mapping[str, str]:
        dba: DbaProfile | None = None
        found: dict[str, str] = {}
        for each in shared_by(wanted):
            if each.kind is SharedKind.DBA_PROFILE:
                dba = self._parsed(commands.show_dba_profile(each.name), read_dba_profile)
            content = self._content(each, dba)
            if content is not None:
                found[each.key] = content
        return found

    def _content(self, wanted: SharedObject, dba: DbaProfile | None) -> str | None:
        match wanted.kind:
            case SharedKind.TRAFFIC_TABLE:
                table = self._parsed(commands.show_traffic_table(wanted.name), read_traffic_table)
                return table.content if table else None
            case SharedKind.DBA_PROFILE:
                return dba.content if dba else None
            case SharedKind.LINE_PROFILE:
                command = commands.show_line_profile(wanted.name)
                return self._parsed(command, lambda page: read_line_profile(page, dba))
            case SharedKind.SERVICE_PROFILE:
                return self._parsed(commands.show_service_profile(wanted.name), read_service_profile)

    def _do(self, line: str) -> None:
        answer, refused = self._patiently(line, self._seconds)
        if refused is not None:
            raise DeviceRefused(
                f"it refused `{line}`: {refused.words}",
                where=self._name,
                remedy="See what there is on the OLT; what was done before this line is still there.",
            )
        if not confirmed(line, answer):
            raise AnswerNotUnderstood(
                f"it does not say that `{line}` was done: {' '.join(answer.split())[:300] or 'nothing at all'}",
                where=self._name,
                remedy="See what there is on the OLT.",
            )

    def _parsed(self, command: str, read: Callable[[str], _T]) -> _T:
        page = self._asked(command)
        try:
            return read(page)
        except AnswerNotUnderstood as error:
            raise AnswerNotUnderstood(f"`{command}`: {error.what}", where=self._name, remedy=error.remedy) from None

    def _asked(self, command: str) -> str:
        """Return the answer to a question; that there is none is an answer, too."""
        if command in self._pages:
            return self._pages[command]
        page, refused = self._patiently(command, self._seconds)
        if refused is not None and not nothing_there(page):
            raise DeviceRefused(
                f"it refused `{command}`: {refused.words}", where=self._name, remedy="Look at the OLT."
            )
        if self._remember and commands.is_about_shared(command):
            self._pages[command] = page
        return page

    def _patiently(self, command: str, seconds: float) -> tuple[str, Refusal | None]:
        """Send a command again while the OLT says that it is busy."""
        give_up = time.monotonic() + BUSY_SECONDS
        while True:
            answer = self._connection.ask(command, seconds=seconds, agree=True)
            refused = refusal(command, answer)
            if refused is None or not refused.passing or time.monotonic() > give_up:
                return answer, refused
            # An OLT does not say when it has ended what it is busy with.
            time.sleep(PAUSE_SECONDS)


def open_smartax(
    host: str,
    *,
    port: int = 22,
    user: str,
    password: Secret,
    known_hosts: Path,
    seconds: float = 15.0,
    proxy: Proxy | None = None,
    name: str = "",
    remember: bool = False,
) -> SmartAx:
    """Open a session on an OLT, in privileged mode.

    Args:
        host: name or address, as it stands in `known_hosts`.
        user: account there, which may configure without another password.
        known_hosts: in OpenSSH's format; an OLT that is not in it is not spoken to.
        seconds: how long each step of the connection may take.
        proxy: that leads there; None to connect directly.
        name: of the OLT in the inventory; the host's when empty.
        remember: see `SmartAx`.

    Raises:
        DeviceUnreachable: when nobody answers; DeviceTimeout when it does not say anything.
        AuthenticationRefused: when it does not let us in.
        NoSessionFree: when others have all its sessions for a minute.
        ProxyTrouble: when the proxy does not.
        HostKeyDiffers: when the OLT's key is not the one on record, or none is.
        UnreadableProject: when the known hosts cannot be read.
    """
    check_known(host, port, known_hosts, "an OLT shows its own by `display rsa local-key-pair public`")
    # Without a handler, Python prints a library's complaints on standard error; they are told by our own errors.
    for library in ("paramiko", "netmiko"):
        logging.getLogger(library).addHandler(logging.NullHandler())
    from provisioning.devices.smartax_connection import connect

    called = name or host
    give_up = time.monotonic() + SESSION_SECONDS
    while True:
        try:
            socket = dial(host, port, seconds, proxy)
            connection = connect(socket, host, port, user, password, known_hosts, seconds, called)
            return SmartAx(connection, called, remember=remember)
        except NoSessionFree:
            if time.monotonic() > give_up:
                raise
            # Nor does it tell those whom it has turned away that a session is free.
            time.sleep(PAUSE_SECONDS / 4)
