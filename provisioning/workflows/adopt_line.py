"""Taking in a router that Proviso did not activate: its line is registered as the router has it.

Nothing on the router is changed. All that is written is one transaction of the store: a process that is killed leaves
either nothing or everything, and asked again, the answer is the same.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from provisioning.adopting.propose import Given, fitting_formulas, over, propose, untold_of
from provisioning.errors import ProvisoError, Refused, UnknownName
from provisioning.model.adoption import Adoption, Reading
from provisioning.model.backup import BackupCause
from provisioning.model.finding import Finding
from provisioning.model.intent import AddressedIntent
from provisioning.model.line import Line, LineState
from provisioning.model.line_backup import LineBackup
from provisioning.model.secret import Secret
from provisioning.orders import document, read
from provisioning.orders.amend import lasting, stored
from provisioning.orders.form import OrderForm
from provisioning.store import adoptions, assignments, host_keys, lines, pools
from provisioning.store.claiming import Claimed
from provisioning.workflows.back_up_line import back_up_line
from provisioning.workflows.claim_blocks import BlocksSeen, claim_blocks, find_blocks, unmanaged_blocks
from provisioning.workflows.first_look import FirstLook, first_look
from provisioning.workflows.judge_adoption import JudgedAdoption, judge_adoption
from provisioning.workflows.network_records import tell_network
from provisioning.workflows.read_router import ReadRouter, reached_at, read_router
from provisioning.workflows.register_adoption import adopted_devices, keep_read_secrets, register_order
from provisioning.workflows.scope_lock import scope_lock
from provisioning.workflows.surroundings import Surroundings

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody asks to be taken in.

    Attributes:
        router: its serial, by which it is looked for on the staging network, or its address or full name.
        given: what people say of the line.
        serial: that it must have; None to take whichever it is.
        snmp_from: the sources of its SNMPv3 pass phrases, for authentication and privacy, where it does not show them.
    """

    router: str
    platform: str
    given: Given
    serial: str | None = None
    snmp_from: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Adopted:
    """What became of an adoption, or would become.

    Attributes:
        line: the line's id.
        known: whether the router was taken in before.
        look: at the router.
        form: the order form of the line, in plain data.
        findings: on the form.
        formulas: those that fit what was read.
        claims: what became of each block that the line's devices have.
        addressed: the line's intent; None while the form does not say it whole.
        adoption: as it is kept.
        notes: what else people should know.
        backup: what became of its first backup; None where none was tried.
    """

    line: str
    known: bool
    look: FirstLook
    form: Mapping[str, object]
    findings: tuple[Finding, ...]
    formulas: tuple[str, ...]
    claims: tuple[Claimed, ...]
    addressed: AddressedIntent | None
    adoption: Adoption
    notes: tuple[str, ...]
    backup: LineBackup | None = None

    @property
    def reading(self) -> Reading:
        """What was read."""
        return self.adoption.reading


def adopt_line(
    asked: Asked, around: Surroundings, tell: Tell = lambda said: None, *, rehearsal: bool = False
) -> Adopted:
    """Read a router, and register its line; asked again, read it again.

    Args:
        tell: is told what is done at the moment.
        rehearsal: write nothing.

    Raises:
        DeviceUnreachable: when the router does not answer.
        HostKeyDiffers: when its key is not the one on record.
        DeviceRefused: when it is another router than that.
        Refused: when it serves a line that is not an adopted one.
        UnreadableForm: when what was read and what was given make no form together.
        EnvironmentTrouble: when the store cannot be used.
    """
    snmp = _snmp(asked, around)
    tell(f"reaches {asked.router}")
    look = first_look(asked.router, asked.serial, asked.platform, around)
    tell(f"reads what is in force on {look.serial}")
    with around.store.read() as connection:
        before = _line_before(connection, look)
    given = _given(asked.given, before)
    formula = given.formula or given.form.get("formula")
    router = read_router(look, str(formula) if formula else None, around, snmp=snmp)
    seen = find_blocks(router.intent, given.form, around)
    # Read before the write lock is taken: it costs more than all that happens under the lock.
    _ = around.pools, around.olts
    if rehearsal:
        with around.store.rehearse() as connection:
            return _Taking(connection, look, router, seen, given, around).take_in(rehearsal=True)
    tell("registers its line")
    with scope_lock(around.state, f"device {look.serial}"), around.store.write() as connection:
        adopted = _Taking(connection, look, router, seen, given, around).take_in(rehearsal=False)
    if adopted.addressed is not None:
        tell_network(around.state, adopted.addressed, adopted.adoption.order)
    tell("takes its first backup")
    return _backed_up(adopted, around)


def _backed_up(adopted: Adopted, around: Surroundings) -> Adopted:
    """Keep what was read as a backup; what stands in the way of that is told, and takes nothing back."""
    try:
        done = back_up_line(adopted.line, adopted.look.running, BackupCause.ADOPTION, around)
    except ProvisoError as error:
        return replace(adopted, notes=(*adopted.notes, f"No backup was taken: {error}. {error.remedy}"))
    return replace(adopted, backup=done)


def _snmp(asked: Asked, around: Surroundings) -> tuple[Secret, Secret] | None:
    """Return the pass phrases that people say the router's SNMPv3 user has.

    Raises:
        UnknownName: when there is nothing behind a source.
    """
    if asked.snmp_from is None:
        return None
    found = [around.secrets.read(source) for source in asked.snmp_from]
    authentication, privacy = found
    if authentication is None or privacy is None:
        source = asked.snmp_from[found.index(None)]
        raise UnknownName(
            f"there is nothing behind `{source}`", where="SNMPv3", remedy="Write env:NAME, and set that variable."
        )
    return authentication, privacy


def _line_before(connection: Connection, look: FirstLook) -> Line | None:
    """Return the adopted line that the router serves; None when it serves none.

    Raises:
        Refused: when it serves another.
    """
    user = lines.line_using(connection, "cpe", look.serial)
    if user is None:
        return None
    line = lines.need_line(connection, user)
    if line.state is not LineState.ADOPTED:
        raise Refused(
            f"it serves line {line.id} already, which is {line.state}",
            where=look.serial,
            remedy=f"There is nothing to adopt: `proviso line show {line.id}` shows it.",
        )
    return line


def _given(given: Given, before: Line | None) -> Given:
    """Return what people say now over what they said when the router was taken in before."""
    if before is None:
        return given
    said = untold_of(before.form)
    return replace(given, form=over({"order": before.form.get("order"), **said}, given.form))


@dataclass(frozen=True, slots=True)
class _Taking:
    """Takes a router in, in one transaction."""

    connection: Connection
    look: FirstLook
    router: ReadRouter
    seen: BlocksSeen
    given: Given
    around: Surroundings

    def take_in(self, *, rehearsal: bool) -> Adopted:
        connection, look, now = self.connection, self.look, self.around.clock.now()
        pools.take_in(connection, self.around.pools.pools, self.around.pools.digest, now)
        before = _line_before(connection, look)
        ordered = before is not None and self._was_ordered(before)
        form = stored(before.form, before.id) if before is not None and ordered else self._form()
        line = before.id if before is not None else self._add(form, now)
        claims = claim_blocks(connection, line, self.seen, form.order, now)
        judged = self._judge(line, form, before, claims)
        if judged.addressed is not None and not ordered:
            form = register_order(connection, line, form, judged.findings, now)
        self._write(line, form, judged, now)
        if not rehearsal:
            keep_read_secrets(connection, line, form, self.router.intent, self.around)
        adoption = self._adoption(line, before, judged, claims, form.order if judged.addressed else "", now)
        adoptions.keep_adoption(connection, adoption)
        return Adopted(
            line=line,
            known=before is not None,
            look=look,
            form=lasting(form),
            findings=judged.findings,
            formulas=fitting_formulas(self.router.intent),
            claims=claims,
            addressed=judged.addressed,
            adoption=adoption,
            notes=self.seen.notes,
        )

    def _was_ordered(self, before: Line) -> bool:
        """Return whether the line was changed by an order since: that one says then what it is meant to be."""
        orders = lines.orders_of(self.connection, before.id)
        adoption = adoptions.adoption_of(self.connection, before.id)
        return bool(orders) and (adoption is None or orders[-1].number != adoption.order)

    def _form(self) -> OrderForm:
        data = propose(self.router.intent, self.look.serial, self.look.platform, self.given)
        return read.form_of(document.Document(document.checked(data), f"order form of router {self.look.serial}"))

    def _add(self, form: OrderForm, now: datetime) -> str:
        return lines.add_line(
            self.connection,
            formula=form.formula or "",
            customer="",
            site="",
            form=lasting(form),
            now=now,
            adopted=True,
        )

    def _judge(self, line: str, form: OrderForm, before: Line | None, claims: tuple[Claimed, ...]) -> JudgedAdoption:
        blocks = {each.role: each.block for each in claims if each.assignment is None}
        blocks |= {each.role: each.block for each in assignments.held_by(self.connection, line)}
        sold = before.formula if before is not None and before.formula else form.formula
        return judge_adoption(self.connection, line, form, sold, self.router, blocks, self.around)

    def _write(self, line: str, form: OrderForm, judged: JudgedAdoption, now: datetime) -> None:
        lines.change_line(
            self.connection,
            line,
            formula=form.formula or "",
            customer=(form.customer.name if form.customer else None) or "",
            site=(form.site.address if form.site else None) or "",
            form=lasting(form),
        )
        lines.set_devices(self.connection, line, adopted_devices(self.look, judged.product, now), now)
        if not self.look.recorded:
            host_keys.record_host_key(self.connection, self.look.serial, self.look.host_key, now)

    def _adoption(
        self,
        line: str,
        before: Line | None,
        judged: JudgedAdoption,
        claims: tuple[Claimed, ...],
        order: str,
        now: datetime,
    ) -> Adoption:
        return Adoption(
            line=line,
            serial=self.look.serial,
            platform=self.look.platform,
            host=self.look.host,
            management=reached_at(self.look, self.router.intent),
            order=order,
            adopted_at=before.adopted_at if before is not None and before.adopted_at is not None else now,
            read_at=now,
            reading=judged.reading,
            unmanaged=unmanaged_blocks(claims),
        )
