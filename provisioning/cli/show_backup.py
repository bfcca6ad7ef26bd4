"""How versions of backups are shown."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from provisioning.cli import output
from provisioning.cli.json_values import plain_fields

if TYPE_CHECKING:
    from provisioning.model.backup import BackupState, BackupVersion
    from provisioning.model.change import Difference


def version_data(version: "BackupVersion") -> dict[str, object]:
    """Return a version for JSON."""
    return plain_fields(version)


def readable(texts: Mapping[str, str]) -> dict[str, str]:
    """Return texts in which bytes that are no text are replaced, so that they can be written anywhere."""
    return {name: text.encode("utf-8", "surrogateescape").decode("utf-8", "replace") for name, text in texts.items()}


def moment(at: datetime) -> str:
    """Return a moment as tables show it, in UTC."""
    return f"{at:%Y-%m-%d %H:%M}"


def size(number: float) -> str:
    """Return a size in bytes for people."""
    for unit in ("B", "KB", "MB"):
        if number < 1000:
            return f"{number:.0f} {unit}" if unit == "B" or number >= 100 else f"{number:.1f} {unit}"
        number /= 1000
    return f"{number:.1f} GB"


def print_versions(versions: Sequence["BackupVersion"]) -> None:
    """Print the versions of one line."""
    output.print_table(
        ("version", "taken, UTC", "why", "size", "router", "withheld"),
        (
            (each.id, moment(each.taken_at), each.cause.value, size(each.size), each.serial, ", ".join(each.withheld))
            for each in versions
        ),
        right=("size",),
        wraps=("withheld",),
    )


def print_latest(versions: Sequence["BackupVersion"]) -> None:
    """Print the newest version of lines."""
    output.print_table(
        ("line", "router", "platform", "newest version", "size", "why"),
        ((each.line, each.serial, each.platform, each.id, size(each.size), each.cause.value) for each in versions),
        right=("size",),
    )


def print_missed(states: Sequence["BackupState"]) -> None:
    """Print lines whose latest backup was missed."""
    output.print_table(
        ("line", "router", "since, UTC", "latest good, UTC", "cause", "what was found"),
        (
            (
                each.line,
                each.serial,
                moment(each.since),
                moment(each.good_at) if each.good_at else "never",
                each.cause,
                each.message,
            )
            for each in states
        ),
        wraps=("what was found",),
    )


def print_version(version: "BackupVersion", texts: Mapping[str, str], names: Sequence[str]) -> None:
    """Print one version, and its masked texts."""
    output.print_facts(
        (
            ("version", version.id),
            ("taken", f"{version.taken_at:%Y-%m-%d %H:%M:%S} UTC ({version.cause.value})"),
            ("router", f"{version.serial} ({version.platform})"),
            ("size", size(version.size)),
            ("holds", ", ".join(version.items)),
            ("original", f"encrypted to {len(version.recipients)} keys, SHA-256 {version.sealed_digest[:16]}…"),
        ),
        title=f"Backup of {version.line}",
    )
    for name, text in readable(texts).items():
        output.say()
        output.say(f"─── {name}", "bold")
        output.print_document(text)
    for name, why in version.withheld.items():
        if name in names:
            output.say()
            output.print_line((f"─── {name}", "bold"), (f"  withheld: {why}; the original has it", "yellow"))


def print_differences(
    old: "BackupVersion", new: "BackupVersion", changed: Sequence["Difference"], hidden: Mapping[str, str]
) -> None:
    """Print how one version differs from another."""
    output.say(f"{new.line}: from {old.id} to {new.id}")
    for each in changed:
        output.say()
        output.print_document(each.text, output.DIFFERENCE)
    for name, why in hidden.items():
        output.say()
        output.print_line((name, "bold"), (f"  cannot be compared, it is withheld: {why}", "yellow"))
    if not changed and not hidden:
        same = old.fingerprint == new.fingerprint
        output.say(
            "Nothing differs." if same else "Nothing that may be shown differs; the originals are not the same."
        )
