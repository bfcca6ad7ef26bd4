"""How the readiness of mobile back-ups looks, to people and as JSON."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from provisioning.cli import output

if TYPE_CHECKING:
    from provisioning.errors import ProvisoError
    from provisioning.model.readiness import Readiness, ReadinessFinding

_MARKS = {"good": ("ok", "green"), "bad": ("NO", "bold red"), "unknown": ("?", "yellow")}


def has_none(answer: "Readiness | ProvisoError") -> bool:
    """Return whether a line has no mobile back-up, so that nobody who asks for all means it."""
    from provisioning.errors import ProvisoError

    if isinstance(answer, ProvisoError):
        return False
    return any(each.code == "backup-ordered" and each.in_the_way for each in answer.findings)


def print_found(found: "Sequence[tuple[str, Readiness | ProvisoError]]") -> None:
    """Print whether lines are ready, a block each, or all of it as JSON."""
    from provisioning.errors import ProvisoError

    if output.JSON_MODE.get():
        output.print_json({"lines": [_data(line, answer) for line, answer in found]})
        return
    if not found:
        output.say("No line in service has a mobile back-up.")
        return
    for number, (line, answer) in enumerate(found):
        if number:
            output.say()
        if isinstance(answer, ProvisoError):
            output.print_line((f"{line}  ", "bold"), ("nobody could look", "yellow"))
            output.print_error(answer)
        else:
            _print_one(answer)
    if len(found) > 1:
        ready = sum(not isinstance(answer, ProvisoError) and answer.ready for _, answer in found)
        output.say()
        output.say(f"{ready} of {len(found)} ready.")


def _print_one(answer: "Readiness") -> None:
    where = f"  {answer.serial}, {answer.platform}" if answer.serial else ""
    verdict = ("ready", "green") if answer.ready else ("not ready", "bold red")
    output.print_line((answer.line, "bold"), (f"{where}  ", ""), verdict)
    output.print_table(
        ("", "what was looked at", "what was seen"),
        (_row(each) for each in answer.findings),
        wraps=("what was seen",),
    )


def _row(finding: "ReadinessFinding") -> tuple[object, ...]:
    mark, style = _MARKS[finding.standing.value]
    told = finding.reason
    if finding.weight.value == "report" and finding.standing.value != "good":
        told += " (told only)"
    if finding.in_the_way:
        facts = f" (facts: {', '.join(finding.facts)})" if finding.facts else ""
        told += f"{facts}. {finding.remedy}"
    return output.styled((mark, style)), finding.subject, told


def _data(line: str, answer: "Readiness | ProvisoError") -> dict[str, object]:
    from provisioning.errors import ProvisoError

    if isinstance(answer, ProvisoError):
        return {"line": line, "ready": None, "error": output.error_data(answer)}
    return {
        "line": line,
        "serial": answer.serial,
        "platform": answer.platform,
        "ready": answer.ready,
        "findings": answer.findings,
        "bearers": answer.report,
    }
