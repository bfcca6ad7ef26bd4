"""`proviso audit`: who did what, when, from where and why."""

import json as json_of
import re
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from provisioning.cli import output, surroundings
from provisioning.cli.options import JsonOption
from provisioning.errors import BadInput, ExitCode

if TYPE_CHECKING:
    from provisioning.model.audit import AuditEntry
    from provisioning.workflows.verify_audit import AuditVerdict

app = typer.Typer(
    help="The audit: who did what, when, from where and why.", no_args_is_help=True, rich_markup_mode=None
)

SHOWN_AT_ONCE = 50
SHOWN_OF_A_DIGEST = 12
_DIGEST = re.compile(r"[0-9a-fA-F]{64}", re.ASCII)


@app.command("list")
def list_entries(
    subject: Annotated[str | None, typer.Option(metavar="ID", help="Only what was done to this, such as C-7.")] = None,
    since: Annotated[
        str | None, typer.Option(metavar="WHEN", help="Only from this day or moment on, such as 2026-11-23.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=1_000_000, help="At most so many, the newest.")] = SHOWN_AT_ONCE,
    json: JsonOption = False,
) -> None:
    """List entries of the audit, the newest last.

    A moment without an offset is in UTC.

    \b
    Examples:
      proviso audit list
      proviso audit list --subject C-7
      proviso audit list --since 2026-11-23T08:00 --json
    """
    from provisioning.store.audit import latest

    moment = _moment(since) if since is not None else None
    with surroundings.surroundings().store.read() as connection:
        found = latest(connection, subject=subject, since=moment, limit=limit)
    if json:
        output.print_json({"entries": [_data(each) for each in found]})
        return
    if not found:
        narrowed = subject is not None or since is not None
        output.say("No such entries." if narrowed else "There are no entries yet: change requests make them.")
        return
    width = len(str(found[-1].number))
    for each in found:
        _print_entry(each, width)
    if len(found) == limit:
        output.note("There may be earlier ones; --limit shows more.")


@app.command("verify")
def verify(
    head: Annotated[
        str | None,
        typer.Option(metavar="DIGEST", help="Digest that must be in it: the head that syslog was told last."),
    ] = None,
    json: JsonOption = False,
) -> None:
    """Walk the audit and tell whether every entry follows from the one before.

    Whoever may write the store can make another chain that is whole as well, or cut its end off. Syslog was told each
    head, and --head finds that out. Ends with 1 when something does not fit.

    \b
    Examples:
      proviso audit verify
      proviso audit verify --head $(journalctl -t proviso -o cat | sed -n 's/.*audit head.*digest=//p' | tail -1)
    """
    from provisioning.workflows.verify_audit import verify_audit

    if head is not None and not _DIGEST.fullmatch(head):
        raise BadInput(
            "this is no digest of an entry", where="--head", remedy="It has 64 hexadecimal digits; syslog has it."
        )
    around = surroundings.surroundings()
    found = verify_audit(around, head=head or "")
    well = found.whole and found.guarded and (head is None or found.head_found is not None)
    if json:
        output.print_json({"whole": well, **_verdict_data(found, head)})
    else:
        _tell(found, head)
    surroundings.finish(ExitCode.DONE if well else ExitCode.REFUSED)


def _tell(found: "AuditVerdict", head: str | None) -> None:
    if found.whole:
        output.print_line((f"{found.count:,} entries, ", ""), ("each follows from the one before", "green"))
    else:
        output.print_line((f"Broken at entry {found.broken_at}: ", "bold red"), (found.why, ""))
        output.say(f"{found.count:,} entries before it follow from one another.")
    output.say(f"head  {found.head}" if found.whole else f"last good  {found.head}")
    if head is not None:
        if found.head_found is None:
            output.say("No entry has the digest that was asked for:", "bold red")
            output.say("the end was cut off, or all of it was written again.")
        else:
            behind = found.count - found.head_found
            newer = f"; {behind:,} came after it" if behind else ""
            output.say(f"The digest that was asked for is that of entry {found.head_found:,}{newer}.")
    if not found.guarded:
        what = "The database no longer refuses to change or delete entries: somebody took its triggers away."
        output.print_line((what, "bold red"))
    if found.syslog_trouble:
        output.print_line((f"Syslog was not told the head: {found.syslog_trouble}", "yellow"))


def _verdict_data(found: "AuditVerdict", head: str | None) -> dict[str, object]:
    return {
        "count": found.count,
        "head": found.head,
        "broken_at": found.broken_at,
        "why": found.why,
        "asked_head": head,
        "asked_head_at": found.head_found,
        "guarded": found.guarded,
        "syslog_trouble": found.syslog_trouble,
    }


def _moment(text: str) -> datetime:
    try:
        if len(text) == len("2026-11-23"):
            return datetime.combine(date.fromisoformat(text), datetime.min.time(), UTC)
        found = datetime.fromisoformat(text)
    except ValueError:
        raise BadInput(
            f"{text[:40]!r} is no day or moment", where="--since", remedy="Write 2026-11-23 or 2026-11-23T08:00."
        ) from None
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)


def _print_entry(entry: "AuditEntry", width: int) -> None:
    """Print an entry: a line that says what was done to what, and below it by whom, why, and the details."""
    output.print_line(
        (f"{entry.number:>{width}}  ", ""),
        (f"{entry.at:%Y-%m-%d %H:%M:%S} UTC  ", "dim"),
        (f"{entry.action}  {entry.subject}", "bold"),
    )
    who = f"{entry.actor.name} from {entry.actor.origin}" if entry.actor.origin else entry.actor.name
    output.print_wrapped(f"{who}: {entry.reason}" if entry.reason else who, indent=width + 2)
    details = " ".join(f"{key}={_said(value)}" for key, value in entry.details.items())
    if details:
        output.print_wrapped(details, indent=width + 2, style="dim")


def _said(value: object) -> str:
    """Return a value short enough for a table; `--json` has it whole."""
    text = value if isinstance(value, str) else json_of.dumps(value, separators=(",", ":"))
    return f"{text[:SHOWN_OF_A_DIGEST]}…" if _DIGEST.fullmatch(text) else text


def _data(entry: "AuditEntry") -> dict[str, object]:
    return {
        "number": entry.number,
        # As it went into the digest, so that anybody can compute that again.
        "at": entry.at.astimezone(UTC).isoformat(),
        "actor": entry.actor.name,
        "origin": entry.actor.origin,
        "action": entry.action,
        "subject": entry.subject,
        "reason": entry.reason,
        "details": entry.details,
        "previous": entry.previous,
        "digest": entry.digest,
    }
