"""Holding a line's router and ONT against what the line is meant to be, changing nothing on them.

An adopted line whose order form is not accepted yet is held against its backup instead: nobody knows wholly what it is
meant to be.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from provisioning.backup_store.masking_key import masking_key
from provisioning.backup_store.store import BackupStore
from provisioning.backups.login_password import without_login_passwords
from provisioning.backups.placeholders import Masker
from provisioning.backups.suspicious import suspicious_lines
from provisioning.backups.volatile import without_volatile
from provisioning.backups.withhold import suspicious_texts, withhold, withhold_from
from provisioning.errors import Refused
from provisioning.model.backup import BackupVersion, Fetched
from provisioning.model.change import Difference
from provisioning.model.device import Running
from provisioning.model.line import Line, LineState
from provisioning.model.ont import OntSeen
from provisioning.planning.since_backup import since_backup
from provisioning.platforms.routers import ROUTERS
from provisioning.store import adoptions, lines
from provisioning.workflows.compare_ont import compare_ont
from provisioning.workflows.intended_line import IntendedLine, intended_line
from provisioning.workflows.line_secrets import is_router_wifi, keep_router_wifi
from provisioning.workflows.plan_line import Planned, plan_line
from provisioning.workflows.surroundings import Surroundings


@dataclass(frozen=True, slots=True)
class Compared:
    """How a line's router and ONT differ, secrets masked.

    Attributes:
        commands: what would bring them back; empty where that is a backup's to do.
        rollback: what would take that back.
        notes: what the customer changed, which is no drift.
        unseen: why nobody knows whether the line drifts: its router does not, and its OLT could not be asked.
    """

    drifts: bool
    differences: tuple[Difference, ...]
    commands: tuple[str, ...]
    rollback: tuple[str, ...]
    notes: tuple[str, ...]
    unseen: OntSeen | None = None


def compare_line(fetched: Fetched, around: Surroundings) -> Compared:
    """Return how a line's router differs, and keep the Wi-Fi settings that are on it for its successor.

    Raises:
        UnknownName: when there is no such line.
        Refused: when its order cannot be judged any more, or there is nothing yet to hold it against.
        EnvironmentTrouble: when store or backups cannot be read.
    """
    try:
        meant = intended_line(fetched.line, around)
    except Refused:
        with around.store.read() as connection:
            line = lines.need_line(connection, fetched.line)
        if line.state is not LineState.ADOPTED:
            raise
        compared = _with_backup(line, fetched, around)
    else:
        compared = _with_intent(meant, fetched, around)
    _keep_wifi(fetched, around)
    return compared


def _with_intent(meant: IntendedLine, fetched: Fetched, around: Surroundings) -> Compared:
    platform = ROUTERS[fetched.platform]
    running = Running(platform.digest(fetched.documents), fetched.documents)
    planned = plan_line(meant.product, meant.addressed, running, around, rehearsal=True)
    router = _router_differs(planned, fetched)
    ont = compare_ont(meant.addressed, fetched.ont, fetched.platform, around)
    found = Compared(
        drifts=router.drifts or bool(ont.differences),
        differences=(*ont.differences, *router.differences),
        commands=(*ont.commands, *router.commands),
        rollback=(*router.rollback, *ont.rollback),
        notes=router.notes,
    )
    return _with_unseen(found, fetched.ont)


def _with_unseen(found: Compared, ont: OntSeen | None) -> Compared:
    """Return what was found, with what is not known since the OLT could not be asked."""
    if ont is None or ont.running is not None:
        return found
    if not found.drifts:
        return replace(found, unseen=ont)
    return replace(found, differences=(Difference("ont (not seen)", ont.message), *found.differences))


def _router_differs(planned: Planned, fetched: Fetched) -> Compared:
    platform, change = ROUTERS[fetched.platform], planned.change
    if change.empty:
        return Compared(False, (), (), (), planned.notes)
    shown = {name: platform.mask(name, platform.comparable(name, text)) for name, text in fetched.documents.items()}
    suspicious = suspicious_texts(fetched.platform, shown)
    return Compared(
        drifts=True,
        differences=tuple(_writable(withhold(each, suspicious)) for each in change.differences),
        commands=withhold_from(change.commands, suspicious),
        rollback=withhold_from(change.rollback, suspicious),
        notes=planned.notes,
    )


def _with_backup(line: Line, fetched: Fetched, around: Surroundings) -> Compared:
    store = BackupStore(around.backups.folder)
    version = _reference(line, store, around)
    documents = without_volatile(fetched.platform, without_login_passwords(fetched.platform, fetched.documents))
    masked = Masker(masking_key(around.state)).mask_all(fetched.platform, documents)
    withheld = {name for name, text in masked.items() if suspicious_lines(fetched.platform, name, text)}
    left_out = withheld | set(version.withheld)
    found = since_backup(
        fetched.platform,
        _without(store.masked(version), left_out),
        _without(masked, left_out),
        version=version.id,
    )
    notes = found.notes
    if left_out:
        notes += (f"Not compared, since something in it looks like a secret: {', '.join(sorted(left_out))}.",)
    return Compared(bool(found.differences), tuple(map(_writable, found.differences)), (), (), notes)


def _reference(line: Line, store: BackupStore, around: Surroundings) -> BackupVersion:
    """Return the first backup since the router was read: whoever reads it again takes it as it is then.

    The latest one would not do: the night keeps what somebody changed, and it would be drift no more.
    """
    with around.store.read() as connection:
        adoption = adoptions.adoption_of(connection, line.id)
    versions = store.versions(line.id)
    since = [each for each in versions if adoption is None or each.taken_at >= adoption.read_at]
    if not versions:
        raise Refused(
            "it was adopted, its order form is not whole, and there is no backup yet to hold it against",
            where=line.id,
            remedy=f"`proviso backup run {line.id}` takes one; `proviso line adopt --form` completes the form.",
        )
    return since[-1] if since else versions[0]


def _without(texts: Mapping[str, str], names: set[str]) -> dict[str, str]:
    return {name: text for name, text in texts.items() if name not in names}


def _keep_wifi(fetched: Fetched, around: Surroundings) -> None:
    """Keep the Wi-Fi settings as they were seen, so that the router's successor gets them."""
    on_router = ROUTERS[fetched.platform].customer_settings(fetched.documents)
    if on_router is None:
        return
    with around.store.read() as connection:
        known = is_router_wifi(connection, fetched.line, on_router, around)
    if not known:
        with around.store.write() as connection:
            keep_router_wifi(connection, fetched.line, on_router, around)


def _writable(difference: Difference) -> Difference:
    # Octets of a router's file that are no UTF-8 stand as surrogates, which nobody can write down.
    return replace(difference, text=difference.text.encode("utf-8", "backslashreplace").decode())
