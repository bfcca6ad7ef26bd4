"""Rehearsing: backups brought back to stand-ins of the same platform, and compared with what came of it.

The line's own router is not touched. A stand-in is a router that serves nobody, is reached as any other, and forgets
everything when the rehearsal is over. What a backup holds is in memory only, here and there.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address

from provisioning.backups.sample import Candidate
from provisioning.devices.open_router import open_router
from provisioning.devices.reach import Access, Way
from provisioning.errors import ProvisoError, Refused
from provisioning.model.backup import BackupVersion, ProofOutcome, RestoreProof
from provisioning.model.config import Config
from provisioning.model.device import Running
from provisioning.model.intent import AddressedIntent
from provisioning.model.line_secrets import PLACEHOLDER
from provisioning.planning.network_record import SCHEMA, network_record
from provisioning.planning.plan import plan
from provisioning.planning.restoration import differing, restoration
from provisioning.store import lines, restore_proofs
from provisioning.store.delivered import delivered_line
from provisioning.store.selection import Selection, select_devices
from provisioning.workflows.backup_scope import choose_backups
from provisioning.workflows.intended_line import intended_line
from provisioning.workflows.open_backup import backup_store, open_backup
from provisioning.workflows.reaching import Reached
from provisioning.workflows.router import Router
from provisioning.workflows.surroundings import Surroundings
from tasks.confirm_change import confirm_change

SETTLE_SECONDS = 60.0
"""How long a stand-in may take to put a change in force."""

SILENT_SECONDS = 12.0
"""How long it may say nothing at a time: it is near, and what cut it off stays."""

REHEARSAL = "rehearsal"

Tell = Callable[[str, str], None]
"""Told the step of a rehearsal, and what is being done in it."""


@dataclass(frozen=True, slots=True)
class StandIn:
    """A router that serves nobody.

    Attributes:
        serial: of it.
        staging: name or address at which it is reached while it has no line's configuration.
        access: what is needed to reach it.
        host_key: of it, as `type key`.
        serve: has the network around it carry a line to it, given what others' systems are told of that line.
        lose_power: takes its power away, and gives it back.
    """

    serial: str
    staging: str
    access: Access
    host_key: str
    serve: Callable[[Mapping[str, object]], None]
    lose_power: Callable[[], None]


UNKNOWN_LINE: Mapping[str, object] = {
    "schema": SCHEMA,
    "order": REHEARSAL,
    "bearers": ["fixed"],
    "rate": None,
    "fixed_ipv4": None,
    "ip_pack": None,
    "ipv6": None,
    "customer_firewall": False,
    "servers": [],
    "lan": None,
}
"""What others' systems would be told of a line of which nothing but its router's address is known."""


@dataclass(frozen=True, slots=True)
class _Place:
    """What has to be known of a line to bring its backup to a stand-in.

    Attributes:
        addressed: what it does; None of an adopted line whose order is not known wholly.
        management: address at which its router answers.
        record: what the network around a router is told of it.
    """

    addressed: AddressedIntent | None
    management: IPv4Address | None
    record: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class _Reach:
    """Reaches a stand-in, past the host keys of the store: its serial may be that of a customer's router."""

    stand: StandIn

    def __call__(self, serial: str, platform: str, management: object, *, first: bool) -> Reached:
        opened = open_router(
            platform,
            serial,
            self.stand.access,
            management=None if first or management is None else str(management),
            staging=self.stand.staging,
            host_key=self.stand.host_key,
        )
        prepared = opened.make_ready(self.stand.host_key).done if first else ()
        return Reached(opened.device, opened.host, opened.way is Way.STAGING, prepared)


def fleet(around: Surroundings) -> tuple[Candidate, ...]:
    """Return the lines that have a backup, or should have one, with what is known of it.

    Raises:
        UnreadableProject: when the setting of the formulas names one that does not exist.
    """
    found = {line: candidate for line, (candidate, _) in candidates(around).items()}
    wanted = (each for each in choose_backups((), around).devices if each.line not in found)
    return (*found.values(), *(Candidate(each.line, each.platform, backed_up=False) for each in wanted))


def candidates(around: Surroundings, names: tuple[str, ...] = ()) -> Mapping[str, tuple[Candidate, BackupVersion]]:
    """Return the lines that have a backup, with their latest one, by name; only those that are named, if any are.

    Raises:
        UnknownName: when there is no line of a name, or it has no backup.
    """
    store = backup_store(around)
    with around.store.read() as connection:
        known = names or tuple(each.id for each in lines.list_lines(connection))
        for each in names:
            lines.need_line(connection, each)
        proofs = restore_proofs.latest_proofs(connection)
    for each in names:
        store.find(each, None)
    latest = store.latest(known)
    return {line: (_candidate(version, proofs.get(line)), version) for line, version in latest.items()}


def rehearse_backup(version: BackupVersion, stand: StandIn, around: Surroundings, tell: Tell) -> RestoreProof:
    """Bring a version back to a stand-in of its platform, compare, and put on record what came of it."""
    began = time.monotonic()
    try:
        outcome, message = _rehearse(version, stand, around, tell)
    except ProvisoError as error:
        outcome, message = ProofOutcome.FAILED, str(error)
    proof = RestoreProof(
        line=version.line,
        version=version.id,
        at=around.clock.now(),
        how=REHEARSAL,
        platform=version.platform,
        outcome=outcome,
        message=message,
        seconds=time.monotonic() - began,
    )
    with around.store.write() as connection:
        restore_proofs.add_proof(connection, proof)
    return proof


def _rehearse(version: BackupVersion, stand: StandIn, around: Surroundings, tell: Tell) -> tuple[ProofOutcome, str]:
    tell("open", f"opens version {version.id}")
    backup = open_backup(version, around)
    place = _place(version.line, around)
    # The keys of SNMP users, which no backup holds, do not matter here: nobody reads them back.
    config = restoration(backup, backup.serial, PLACEHOLDER, None)
    router = Router(stand.serial, version.platform, place.management, _Reach(stand))
    try:
        return _restore(config, router, stand, place, around, tell)
    finally:
        router.close()


def _restore(
    config: Config, router: Router, stand: StandIn, place: _Place, around: Surroundings, tell: Tell
) -> tuple[ProofOutcome, str]:
    tell("ready", "makes a stand-in ready")
    router.connect()
    change = plan(stand.serial, router.running(), config, seconds=around.access.revert_seconds)
    tell("apply", f"{len(change.differences)} documents")
    stand.serve(place.record)
    router.begin(change, seconds=around.access.revert_seconds, silent=SILENT_SECONDS)
    status = router.wait_until(lambda found: found.settled, seconds=SETTLE_SECONDS, silent=SILENT_SECONDS)
    tell("compare", "reads it back")
    if found := differing(config, router.running().documents):
        return ProofOutcome.DIFFERS, f"what came of it differs in {found}"
    if status.live != change.wanted:
        raise Refused(f"it was not put in force: {status.outcome or 'it went back'}", where=stand.serial)
    router.do(confirm_change, digest=change.wanted)
    tell("power", "takes the power away, and reads it back again")
    router.close()
    stand.lose_power()
    router.wait_until(lambda found: found.settled, seconds=SETTLE_SECONDS, silent=SILENT_SECONDS)
    after = router.running()
    if found := differing(config, after.documents):
        return ProofOutcome.DIFFERS, f"after a loss of power it differs in {found}"
    return _complete(config.platform, place.addressed, after)


def _complete(platform: str, addressed: AddressedIntent | None, running: Running) -> tuple[ProofOutcome, str]:
    """Return whether what the stand-in has holds every item that a backup of the line has to hold (facts: I-8.3)."""
    from provisioning.backups.completeness import check_backup

    lacking = check_backup(addressed, platform, running.documents, before=None)
    if lacking:
        return ProofOutcome.DIFFERS, "it came back, and lacks: " + "; ".join(each.message for each in lacking)
    return ProofOutcome.RESTORED, "the same as the backup, before and after a loss of power"


def _candidate(version: BackupVersion, proof: RestoreProof | None) -> Candidate:
    restored = proof is not None and proof.outcome is ProofOutcome.RESTORED
    at = proof.at if proof is not None else None
    return Candidate(version.line, version.platform, at if restored else None, at)


def _place(line: str, around: Surroundings) -> _Place:
    """Return what has to be known of a line: as it was delivered last, else as it is meant to be, if that is known."""
    with around.store.read() as connection:
        delivered = delivered_line(connection, line)
        devices = select_devices(connection, Selection(lines=(line,)))
    addressed = delivered.addressed if delivered is not None else None
    if addressed is None:
        try:
            addressed = intended_line(line, around).addressed
        except Refused:
            # It was adopted, and nobody knows wholly what it does: what it has is compared all the same.
            management = devices[0].management if devices else None
            return _Place(None, management, {**UNKNOWN_LINE, "line": line, "management": _text(management)})
    return _Place(addressed, addressed.management, network_record(addressed, REHEARSAL))


def _text(address: IPv4Address | None) -> str | None:
    return str(address) if address is not None else None
