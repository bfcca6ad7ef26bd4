"""How an adopted router is shown: what was read, what could not be, and what the order form still needs."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from provisioning.cli import output

if TYPE_CHECKING:
    from provisioning.model.adoption import AdoptedLine, Adoption, Reading
    from provisioning.workflows.adopt_line import Adopted

SHOWN_LINES = 20
"""Of each list of lines; `--json` has all of them."""

Tell = Callable[[str], None]


def adopted_data(adopted: "Adopted", *, plan: bool) -> dict[str, object]:
    """Return an adoption for JSON; no secret is in it."""
    return {
        "line": None if plan and not adopted.known else adopted.line,
        "state": "adopted",
        "plan": plan,
        "known": adopted.known,
        "serial": adopted.look.serial,
        "platform": adopted.look.platform,
        "host": adopted.look.host,
        "host_key": adopted.look.host_key,
        "helper_ready": adopted.look.ready,
        "facts": adopted.look.facts,
        "form": dict(adopted.form),
        "accepted": adopted.addressed is not None,
        "findings": adopted.findings,
        "formulas_that_fit": adopted.formulas,
        "reading": adopted.reading,
        "claims": [
            {
                "role": each.role,
                "address": each.address,
                "held": each.assignment is not None and not each.reason,
                "taken": each.taken,
                "pool": each.assignment.pool if each.assignment else None,
                "reason": each.reason,
            }
            for each in adopted.claims
        ],
        "intent": adopted.addressed,
        "notes": adopted.notes,
        "backup": adopted.backup,
    }


def form_text(adopted: "Adopted") -> str:
    """Return the order form of an adopted line as YAML, with what it still needs as comments."""
    import yaml

    missing = "".join(f"# - {output.safe(each)}\n" for each in adopted.reading.missing)
    head = f"# Read from router {adopted.look.serial}.\n"
    if missing:
        head += f"# It still needs:\n{missing}"
    if "formula" not in adopted.form:
        head += f"# Formulas that fit what was read: {', '.join(adopted.formulas) or 'none'}.\n"
    return head + yaml.safe_dump(dict(adopted.form), sort_keys=False, allow_unicode=True, width=110)


def print_adopted(adopted: "Adopted", *, plan: bool) -> None:
    """Show what became of an adoption, or would become."""
    look, line = adopted.look, adopted.line
    if plan:
        what = f"would be read again as line {line}" if adopted.known else "would be adopted"
        output.say(f"{look.serial} ({look.platform}) at {look.host} {what}; nothing is written", "bold")
    else:
        what = f"is line {line}, read again" if adopted.known else f"is adopted as line {line}"
        output.say(f"{look.serial} ({look.platform}) at {look.host} {what}", "bold")
    print_reading(adopted.reading)
    if adopted.claims:
        output.print_table(
            ("role", "address", "what"),
            ((each.role.value, each.address, _became(each.taken, each.reason)) for each in adopted.claims),
            title="Addresses",
            wraps=("what",),
        )
    _print_form(adopted)
    if adopted.backup is not None:
        done = adopted.backup
        output.say(f"Backup: {done.version} kept." if done.good else f"Backup: {done.cause}: {done.message}")
    for note in adopted.notes:
        output.say(note)
    if not look.ready:
        output.say(
            "Our helper is not on it, which backups and changes need: "
            f"`proviso device bootstrap {look.host}` installs it."
        )


def _became(taken: bool, reason: str) -> str:
    if reason:
        return f"kept as a fact, not assigned: {reason}"
    return "assigned as it is" if taken else "held already"


def _print_form(adopted: "Adopted") -> None:
    output.say()
    if adopted.reading.missing:
        output.say("The order form still needs", "bold")
        for each in adopted.reading.missing:
            output.say(f" - {each}")
        if "formula" not in adopted.form:
            output.say(f" Formulas that fit what was read: {', '.join(adopted.formulas) or 'none'}.")
        output.say("`--write FILE` writes the form; complete it, and hand it back with `--form FILE`.")
    else:
        output.say("The order form is accepted: `proviso device diff` compares the router with it.")


def print_adoption(adoption: "Adoption") -> None:
    """Show how a line was taken in, and what was read of its router last."""
    output.print_facts(
        (
            ("adopted", f"{adoption.adopted_at:%Y-%m-%d %H:%M} UTC"),
            ("read last", f"{adoption.read_at:%Y-%m-%d %H:%M} UTC at {adoption.host}"),
            ("intent", "whole" if adoption.reading.whole else "not whole"),
        ),
        title="Adoption",
    )
    print_reading(adoption.reading)
    for each in adoption.unmanaged:
        output.say(f"{each.role} {each.address} is the router's, and no assignment: {each.reason}.")
    for missing in adoption.reading.missing:
        output.say(f"The order form still needs {missing}")


def print_reading(reading: "Reading") -> None:
    """Show what was read of a router, and what was not."""
    if reading.facts:
        output.print_table(
            ("what", "value", "read from", "how sure"),
            ((each.name, each.value, each.place, each.sure.value) for each in reading.facts),
            title="Read",
            wraps=("value",),
        )
    else:
        output.say("Nothing of a line could be read.")
    _print_lines("Could not be read", reading.unread)
    if reading.differences:
        output.print_table(
            ("what", "on the router", "by the order form"),
            ((each.name, each.on_router, each.by_form) for each in reading.differences),
            title="Where the order form says something else",
            wraps=("on the router", "by the order form"),
        )
    _print_lines("On the router, and not of Proviso's making", reading.beyond)
    _print_lines("Of Proviso's making, and not on the router", reading.lacking)


def _print_lines(title: str, lines: "Sequence[AdoptedLine]") -> None:
    if not lines:
        return
    output.say()
    output.say(f"{title}: {len(lines)} line{'s' if len(lines) > 1 else ''}", "bold")
    for each in lines[:SHOWN_LINES]:
        # The reason of a list that has one reason only is its title.
        reason = f"  ({each.reason})" if title.startswith("Could") else ""
        output.say(f" {each.place}  {each.text}{reason}".rstrip())
    if len(lines) > SHOWN_LINES:
        output.say(f" and {len(lines) - SHOWN_LINES} more; `--json` has all of them", "dim")
