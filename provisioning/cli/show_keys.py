"""How the keys of the backups are shown: where each lives, what it opens, what its loss means."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from provisioning.backup_store.roles import KeyRole
from provisioning.cli import output
from provisioning.cli.json_values import plain_fields

if TYPE_CHECKING:
    from provisioning.backup_store.recipients import Recipient
    from provisioning.backup_store.store import BackupStore
    from provisioning.settings import Settings

_LOSS = {
    KeyRole.RESTORE: "unless another one for restores is left, no original can be read",
    KeyRole.REHEARSAL: "rehearsals stop; nothing of the backups is lost",
}


@dataclass(frozen=True, slots=True)
class Readable:
    """Which keys open what.

    Attributes:
        total: originals.
        by_key: how many each public key opens, those that are not in use any more included.
        outdated: encrypted to others than the keys of today.
    """

    total: int
    by_key: Mapping[str, int]
    outdated: int


def count_readable(store: "BackupStore", tell: Callable[[str, int], None]) -> Readable:
    """Return which keys open how many originals."""
    by_key: dict[str, int] = {each.key: 0 for each in store.recipients}
    wanted = set(by_key)
    total = outdated = 0
    for version in store.every_version():
        total += 1
        outdated += set(version.recipients) != wanted
        for key in version.recipients:
            by_key[key] = by_key.get(key, 0) + 1
        tell("version", total)
    return Readable(total, by_key, outdated)


def keys_data(recipients: "Sequence[Recipient]", readable: Readable, settings: "Settings") -> dict[str, object]:
    """Return all of it for JSON."""
    known = {each.key for each in recipients}
    masking = _masking_key(settings)
    return {
        "recipients": [
            {**plain_fields(each), "opens": readable.by_key[each.key], "loss": _LOSS[each.role]} for each in recipients
        ],
        "former": [{"key": key, "opens": number} for key, number in readable.by_key.items() if key not in known],
        "originals": readable.total,
        "encrypted_to_other_keys": readable.outdated,
        "masking_key": {"file": str(masking[0]), "made": masking[1]},
        "identity_file": str(settings.backup_identity_file) if settings.backup_identity_file else None,
    }


def print_keys(recipients: "Sequence[Recipient]", readable: Readable, settings: "Settings") -> None:
    """Print all of it for people."""
    if not recipients:
        output.say("There is no recipient yet: nobody could read the originals, so no backup is taken.")
        output.say("Make one: proviso backup keys make --identity FILE")
    for each in recipients:
        since = f"since {each.since.isoformat()}" if each.since else ""
        output.print_line((f"{each.role.value}: {each.name or 'no name'}", "bold"), (f"  {since}", "dim"))
        output.say(f"  public key  {each.key}")
        output.say(f"  opens       {readable.by_key[each.key]} of {readable.total} originals")
        output.say(f"  its loss    {_LOSS[each.role]}")
    former = {key: number for key, number in readable.by_key.items() if key not in {each.key for each in recipients}}
    for key, number in former.items():
        output.print_line(("not in use any more", "bold yellow"))
        output.say(f"  public key  {key}")
        output.say(f"  opens       {number} of {readable.total} originals, until they are encrypted anew")
    masking, made = _masking_key(settings)
    output.print_line(("masking: placeholders and fingerprints", "bold"))
    output.say(f"  file        {masking}{'' if made else ' (made by the first backup)'}")
    output.say("  its loss    every secret seems changed, once; nothing is lost")
    if readable.outdated:
        output.note(
            f"{readable.outdated} originals are encrypted to other keys than those of today: "
            "`proviso backup keys reencrypt --identity FILE` mends that."
        )
    if settings.backup_identity_file is not None:
        output.note(
            f"An identity is named on this host: {settings.backup_identity_file} (setting backup_identity_file)"
        )


def _masking_key(settings: "Settings") -> tuple[object, bool]:
    from provisioning.backup_store.masking_key import FILE_NAME

    path = settings.state / FILE_NAME
    return path, path.exists()
