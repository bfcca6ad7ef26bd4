"""Versions that are past their time go, from the repository, from its history, and from the encrypted originals."""

import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from provisioning.backup_store.dropping import MOST_LEFT, list_dropped
from provisioning.backup_store.files import PARTIAL, replace, told, unusable
from provisioning.backup_store.growing import add_tree
from provisioning.backup_store.layout import LINES, VERSION, Layout, shard
from provisioning.backup_store.objects import Damaged, Entry, Kind, write_commit
from provisioning.backup_store.pack import Batch, pack_entry, write_pack
from provisioning.backup_store.reachable import reachable
from provisioning.backup_store.repacking import packs_of, places_in, replace_packs
from provisioning.backup_store.repository import DAMAGED, Repository
from provisioning.backup_store.snapshot import Snapshot
from provisioning.backup_store.store import BackupStore
from provisioning.backups.retention import Retention, kept

EVERY = timedelta(days=7)
"""How often a nightly run drops what is past its time: weeks are what old versions are thinned out to."""

LEFT_FOR = 3600.0
"""Seconds after which a file that belongs to nothing is what a killed process left, and not one being written."""


@dataclass(frozen=True, slots=True)
class Pruned:
    """What went, or would go.

    Attributes:
        versions: line and id of each.
        left: how many stay.
        left_over: files that killed processes left, relative to the folder of the backups.
        bytes: of the encrypted originals and left-over files.
    """

    versions: tuple[tuple[str, str], ...]
    left: int
    left_over: tuple[str, ...]
    bytes: int


def taken_at(identifier: str) -> datetime:
    """Return when a version was taken, to the second, as its id says."""
    return datetime.strptime(identifier.partition("-")[0], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)


def prune(store: BackupStore, now: datetime, *, retention: Retention | None = None, only_tell: bool = False) -> Pruned:
    """Drop what is past its time, and what killed processes left; the rest can be read all the while.

    The history of the repository begins anew when something is dropped: older commits would hold it for ever.

    Args:
        now: in UTC.
        only_tell: change nothing.

    Raises:
        StoreUnusable: no space, or the repository is damaged; nothing is dropped then.
        StoreLocked: another process holds the lock for too long.
    """
    rule = retention or Retention()
    with store.changing() as repository:
        if not only_tell:
            store.commit_held(repository, "Keep what was left in the journal")
        try:
            return _prune(store, repository, now, rule, only_tell=only_tell)
        except Damaged as error:
            raise unusable(store.layout.git, str(error), DAMAGED) from None
        finally:
            store.forget()


def is_due(store: BackupStore, now: datetime) -> bool:
    """Return whether it is a week ago that versions past their time were dropped, or they never were."""
    try:
        latest = datetime.fromisoformat(store.layout.pruned.read_text("ascii").strip())
    except (OSError, ValueError):
        return True
    return not now - EVERY < latest <= now


def _prune(store: BackupStore, repository: Repository, now: datetime, rule: Retention, *, only_tell: bool) -> Pruned:
    head = repository.head()
    before = Snapshot(repository, repository.root(head) if head else None)
    plan = {line: _split(repository.tree(entry.oid), now, rule) for line, entry in before.lines()}
    dropped = tuple((line, each) for line, (_, gone) in sorted(plan.items()) for each in gone)
    staying = {(line, each) for line, (stays, _) in plan.items() for each in stays}
    waiting = {(each.version.line, each.version.id) for _, each in store.journal.read()}
    left_over = tuple(_left_over(store, staying | set(dropped) | waiting))
    files = [*(store.layout.sealed_file(*each) for each in dropped), *left_over]
    size = sum(path.stat().st_size for path in files if path.exists())
    _need_few(store.layout, left_over)
    if not only_tell:
        if dropped:
            list_dropped(store.layout, dropped)
            _rewrite(repository, before, {line: stays for line, (stays, gone) in plan.items() if gone}, now)
        _drop_unreachable(repository)
        _remove(store.layout, files)
        store.layout.dropping.unlink(missing_ok=True)
        replace(store.layout.pruned, f"{now:%Y-%m-%dT%H:%M:%SZ}\n".encode())
    names = tuple(str(path.relative_to(store.folder)) for path in left_over)
    return Pruned(dropped, len(staying), names, size)


def _split(versions: dict[str, Entry], now: datetime, rule: Retention) -> tuple[dict[str, Entry], list[str]]:
    """Return the versions of a line that stay, and the ids of those that go."""
    moments = {identifier: taken_at(identifier) for identifier in versions}
    staying = kept(moments.values(), now, rule)
    return (
        {identifier: entry for identifier, entry in versions.items() if moments[identifier] in staying},
        sorted(identifier for identifier, moment in moments.items() if moment not in staying),
    )


def _rewrite(repository: Repository, before: Snapshot, changed: dict[str, dict[str, Entry]], now: datetime) -> None:
    """Make a commit without parents, whose lines have only what stays, the one that counts."""
    batch = Batch()
    shards = dict(before.shards)
    for name in {shard(line) for line in changed}:
        lines = repository.tree(shards[name].oid)
        lines |= {line: add_tree(batch, changed[line]) for line in lines if line in changed}
        shards[name] = add_tree(batch, lines)
    root = add_tree(batch, {LINES: add_tree(batch, shards)}).oid
    commit = batch.add(Kind.COMMIT, write_commit(root, None, now, "Drop what is past its time"))
    write_pack(repository.packs, len(batch.entries), batch.entries.items())
    repository.refresh()
    # All that stays is read before the branch moves: from a damaged repository nothing is dropped.
    reachable(repository, commit)
    repository.move(commit)


def _drop_unreachable(repository: Repository) -> None:
    """Leave one pack, with what the branch leads to, where there is anything else."""
    head = repository.head()
    packs = packs_of(repository)
    places = places_in(packs)
    wanted = reachable(repository, head) if head else set()
    loose = _loose(repository)
    if wanted == set(places) and len(packs) <= 1 and not loose:
        return
    if missing := wanted - set(places):
        batch = Batch({oid: _entry_of(repository, oid) for oid in missing})
        packs = [*packs, write_pack(repository.packs, len(batch.entries), batch.entries.items())]
        places = places_in(packs)
    replace_packs(repository, packs, {oid: place for oid, place in places.items() if oid in wanted})
    for path in loose:
        path.unlink(missing_ok=True)
    repository.refresh()


def _entry_of(repository: Repository, oid: bytes) -> bytes:
    return pack_entry(*repository.read_any(oid))


def _loose(repository: Repository) -> list[Path]:
    """Return files of single objects, which other programs wrote."""
    objects = repository.path / "objects"
    return [path for path in objects.glob("[0-9a-f][0-9a-f]/*") if path.is_file()]


def _need_few(layout: Layout, left_over: Sequence[Path]) -> None:
    """Refuse to take originals for what killed processes left when they are many."""
    originals = sum(path.suffix == ".age" for path in left_over)
    if originals > MOST_LEFT:
        raise unusable(
            layout.git,
            f"{originals} originals belong to no version in it: it is older than they are; nothing is dropped",
            "Put `masked.git` back from a copy that is as new as `sealed`, or move those originals away.",
        )


def _left_over(store: BackupStore, known: set[tuple[str, str]]) -> Iterator[Path]:
    """Yield files of killed processes: half written, or originals of versions that were never kept."""
    limit = time.time() - LEFT_FOR
    for path in sorted(store.folder.rglob("*")):
        with suppress(FileNotFoundError):
            if _is_left_over(path, known) and path.stat().st_mtime < limit:
                yield path


def _is_left_over(path: Path, known: set[tuple[str, str]]) -> bool:
    if path.name.endswith(PARTIAL):
        return True
    if path.suffix == ".pack":
        return not path.with_suffix(".idx").exists()
    is_original = path.suffix == ".age" and VERSION.fullmatch(path.stem) is not None
    return is_original and (path.parent.name, path.stem) not in known


def _remove(layout: Layout, files: list[Path]) -> None:
    with told(layout.folder):
        for path in files:
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)
