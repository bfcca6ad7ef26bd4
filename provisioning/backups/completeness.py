"""Whether what was fetched from a router is a backup: whole, with everything that the line has (facts: I-8.3)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from provisioning.backups.items import Item, items_in, items_of
from provisioning.backups.missing import missing
from provisioning.model.intent import AddressedIntent
from provisioning.platforms.backup_contents import BackupContents, BackupReader
from provisioning.platforms.backup_readers import ONT, reader_of

SMALLEST_SHARE = 0.7
"""Of the size of the version before: what falls by more than 30 % is no backup until somebody has looked at it."""

FACTS = "I-8.3"


@dataclass(frozen=True, slots=True)
class Shortcoming:
    """Why what was fetched is no backup.

    Attributes:
        code: `missing-item`, `missing-document`, `empty`, `no-end`, `truncated`, `error-text` or `shrunk`.
        item: of the contract's list; of the others, the document's name; empty when it is about all of them.
        message: for people, without anything secret.
        facts: where the contract asks for it.
    """

    code: str
    item: str
    message: str
    facts: str = FACTS

    def __str__(self) -> str:
        return self.message


@dataclass(frozen=True, slots=True)
class Examination:
    """What became of looking at what was fetched.

    Attributes:
        items: those that were found.
        shortcomings: empty when it is a backup.
        size: of all documents together, in bytes.
    """

    items: tuple[Item, ...]
    shortcomings: tuple[Shortcoming, ...]
    size: int


def check_backup(
    addressed: AddressedIntent | None, platform: str, documents: Mapping[str, str], *, before: int | None
) -> tuple[Shortcoming, ...]:
    """Return why what was fetched is no backup; nothing when it is one. Arguments and errors: `examine_backup`."""
    return examine_backup(addressed, platform, documents, before=before).shortcomings


def examine_backup(
    addressed: AddressedIntent | None, platform: str, documents: Mapping[str, str], *, before: int | None
) -> Examination:
    """Look at what was fetched from a router.

    Args:
        addressed: what the line must do; None when that is not known, as of a router that somebody else configured:
            then only what shows that a text is not whole counts.
        platform: of the router.
        documents: texts by name, as they will be kept; those of login passwords are out of them already.
        before: size in bytes of the version before; None when there is none, or when the line was changed on purpose.

    Raises:
        UnknownName: when there is no such platform.
    """
    reader = reader_of(platform)
    size = size_of(documents)
    found = [*_documents(addressed, reader, documents)]
    contents = reader.contents({name: text for name, text in documents.items() if name != ONT})
    found += [Shortcoming(each.code, each.document, f"{each.document}: {each.message}") for each in contents.flaws]
    items = items_in(contents)
    if addressed is not None:
        lacking = dict(_items(addressed, contents))
        found += [Shortcoming("missing-item", item, f"{item}: {words}") for item, words in lacking.items()]
        items = tuple(each for each in items if each not in lacking)
    if before is not None and size < SMALLEST_SHARE * before:
        told = f"it has {size:,} bytes, and the version before has {before:,}"
        found.append(Shortcoming("shrunk", "", f"{told}; `proviso backup run LINE --smaller` takes it"))
    return Examination(items, tuple(found), size)


def size_of(documents: Mapping[str, str]) -> int:
    """Return how many bytes documents have together, as files in UTF-8."""
    return sum(
        len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass")) for text in documents.values()
    )


def _documents(
    addressed: AddressedIntent | None, reader: BackupReader, documents: Mapping[str, str]
) -> Iterator[Shortcoming]:
    wanted = reader.always
    if addressed is not None:
        wanted = reader.documents if addressed.intent.wifi is None else (*reader.documents, *reader.wifi)
    for name in wanted:
        if name not in documents:
            yield Shortcoming("missing-document", name, f"{name}: it was not fetched")
    for name, text in documents.items():
        if not text.strip() and name not in reader.may_be_empty:
            yield Shortcoming("empty", name, f"{name}: it is empty")


def _items(addressed: AddressedIntent, contents: BackupContents) -> Iterator[tuple[Item, str]]:
    for item in (*items_of(addressed), *((Item.PPP,) if contents.ppp else ())):
        if words := missing(item, addressed, contents):
            yield item, words
