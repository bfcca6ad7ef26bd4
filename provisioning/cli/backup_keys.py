"""`proviso backup keys`: who can read the originals, where each key lives, and how one is rotated."""

from pathlib import Path
from typing import Annotated

import typer

from provisioning.backup_store.roles import KeyRole
from provisioning.cli import output, show_keys, surroundings
from provisioning.cli.backup_options import IdentityOption, complete_key, need_identity, store
from provisioning.cli.options import JsonOption

app = typer.Typer(
    help="Keys: who can read the originals, and where each key lives.", no_args_is_help=True, rich_markup_mode=None
)

RoleOption = Annotated[
    KeyRole, typer.Option(help="What its identity is for: people who restore, or the host that rehearses.")
]
NameOption = Annotated[str | None, typer.Option("--name", metavar="NAME", help="Where its identity is, for people.")]


@app.command("show")
def show(json: JsonOption = False) -> None:
    """Show every key of the backups: where it lives, what it opens, what its loss means.

    \b
    Examples:
      proviso backup keys show
    """
    from provisioning.cli.counting import counting

    found, settings = store(), surroundings.settings()
    with counting("looking at") as tell:
        readable = show_keys.count_readable(found, tell)
    if json:
        output.print_json(show_keys.keys_data(found.recipients, readable, settings))
    else:
        show_keys.print_keys(found.recipients, readable, settings)


@app.command("make")
def make(
    identity: Annotated[
        Path, typer.Option("--identity", metavar="FILE", help="Where the new identity goes; it must not exist yet.")
    ],
    role: RoleOption = KeyRole.RESTORE,
    name: NameOption = None,
    only_make: Annotated[
        bool, typer.Option("--only-make", help="Do not add its public key here: this is not the backup host.")
    ] = False,
    json: JsonOption = False,
) -> None:
    """Make an identity, and let the backups be encrypted to it from now on.

    Best made where it will be used, with --only-make: then its public key is added on the backup host, and the
    identity was never there. A restore identity belongs on two media that are not at the same place.

    \b
    Examples:
      proviso backup keys make --identity restore.key --only-make
      proviso backup keys make --identity rehearsal.key --role rehearsal
    """
    from provisioning.backup_store.recipients import need_name
    from provisioning.cli.identity_file import make_identity

    settings = surroundings.settings()
    need_name(name or "")
    if not only_make:
        # Read first: an identity whose public key cannot be added is one too many.
        _ = store().recipients
    key = make_identity(identity, role, settings.backups)
    if not only_make:
        _add(key, role, name or identity.stem)
    if json:
        output.print_json({"identity": str(identity), "public_key": key, "role": role, "added": not only_make})
        return
    output.say(f"{identity}: the identity, mode 0600. Whoever has it can read the originals.")
    output.say(f"public key: {key}")
    if only_make:
        output.say(f"On the backup host: proviso backup keys add {key} --role {role.value}")
    elif role is KeyRole.RESTORE:
        output.note("Move it away from this host, to two places, and try it: proviso backup verify --identity FILE")


@app.command("add")
def add(
    key: Annotated[str, typer.Argument(metavar="KEY", help="Public key, `age1…`.")],
    role: RoleOption = KeyRole.RESTORE,
    name: NameOption = None,
    json: JsonOption = False,
) -> None:
    """Let the backups be encrypted to one more key from now on; a night makes new versions for it.

    \b
    Examples:
      proviso backup keys add age1… --name "safe in Namur"
    """
    recipient = _add(key, role, name or "")
    if json:
        output.print_json({"added": recipient})
    else:
        output.say(f"From now on originals are encrypted to it too ({role.value}).")
        _tell_outdated()


@app.command("remove")
def remove(
    key: Annotated[
        str,
        typer.Argument(
            metavar="KEY|NAME",
            help="Public key, its beginning, or its name.",
            show_default=False,
            autocompletion=complete_key,
        ),
    ],
    json: JsonOption = False,
) -> None:
    """Let the backups not be encrypted to a key any more; what is encrypted to it already stays readable with it.

    The last key for restores cannot be removed: nobody could read what comes.

    \b
    Examples:
      proviso backup keys remove "old desk"
    """
    from provisioning.backup_store.recipients import remove_recipient, write_recipients

    found = store()
    left, gone = remove_recipient(found.recipients, key)
    write_recipients(found.folder, left)
    if json:
        output.print_json({"removed": gone})
    else:
        output.say(f"Originals are not encrypted any more to {gone.name or gone.key} ({gone.role.value}).")
        _tell_outdated()


@app.command("rotate")
def rotate(
    key: Annotated[str, typer.Argument(metavar="KEY|NAME", help="The key that goes.", autocompletion=complete_key)],
    identity: Annotated[
        Path, typer.Option("--identity", metavar="FILE", help="Where the new identity goes; it must not exist yet.")
    ],
    json: JsonOption = False,
) -> None:
    """Put a new identity in the place of a key, with its role and name.

    What is encrypted to the old key stays so until `proviso backup keys reencrypt`: keep the old identity until then.

    \b
    Examples:
      proviso backup keys rotate "safe in Namur" --identity new.key
    """
    from provisioning.backup_store.recipients import add_recipient, remove_recipient, write_recipients
    from provisioning.cli.identity_file import make_identity
    from provisioning.clock import SystemClock

    found = store()
    left, gone = remove_recipient(found.recipients, key, replaced=True)
    new = make_identity(identity, gone.role, found.folder)
    recipients = add_recipient(left, new, gone.role, gone.name, SystemClock().now().date())
    write_recipients(found.folder, recipients)
    if json:
        output.print_json({"identity": str(identity), "added": recipients[-1], "removed": gone})
    else:
        output.say(f"{identity}: the new identity, mode 0600. Move it to where the old one is.")
        output.say(f"public key: {new}")
        _tell_outdated()


@app.command("reencrypt")
def reencrypt(identity: IdentityOption = None, json: JsonOption = False) -> None:
    """Encrypt all originals to the keys of today, where they are encrypted to others.

    Nothing is written in clear. It may be killed at any moment and run again. Copies elsewhere stay as they are.

    \b
    Examples:
      proviso backup keys reencrypt --identity restore.key
    """
    from provisioning.backup_store.reencrypt import reencrypt as encrypt_anew
    from provisioning.cli.counting import counting
    from provisioning.errors import ExitCode

    found = store()
    with counting("encrypting anew") as tell:
        done = encrypt_anew(found, need_identity(identity), tell)
    if json:
        closed = [{"line": line, "version": version} for line, version in done.closed]
        output.print_json({"encrypted": done.number, "closed": closed})
    else:
        output.say(f"{done.number} originals encrypted to the keys of today.")
        if done.closed:
            line, version = done.closed[0]
            output.print_line(
                (f"{len(done.closed)} are not opened by this identity, {line} {version} among them.", "yellow")
            )
    surroundings.finish(ExitCode.REFUSED if done.closed else ExitCode.DONE)


def _add(key: str, role: KeyRole, name: str) -> object:
    from provisioning.backup_store.recipients import add_recipient, write_recipients
    from provisioning.clock import SystemClock

    found = store()
    recipients = add_recipient(found.recipients, key, role, name, SystemClock().now().date())
    write_recipients(found.folder, recipients)
    return recipients[-1]


def _tell_outdated() -> None:
    from provisioning.backup_store.reencrypt import outdated

    number = len(outdated(store()))
    if number:
        output.note(
            f"{number} originals are encrypted to other keys than those of today: "
            "`proviso backup keys reencrypt --identity FILE`, with an identity that opens them."
        )
