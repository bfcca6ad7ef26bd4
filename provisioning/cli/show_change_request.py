"""How change requests look, to people and as JSON."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from provisioning.cli import output, show_order
from provisioning.clock import CONTRACT_TIME_ZONE

if TYPE_CHECKING:
    from datetime import datetime

    from provisioning.model.audit import AuditEntry
    from provisioning.model.change_request import BillingVerdict, ChangeRequest
    from provisioning.model.listed import RequestListed
    from provisioning.workflows.look_at_change import SeenChange
    from provisioning.workflows.submit_change import Submission

_STATES = {
    "submitted": "cyan",
    "planned": "cyan",
    "approved": "green",
    "running": "cyan",
    "done": "green",
    "failed": "bold red",
    "unknown": "bold red",
    "refused": "yellow",
    "cancelled": "yellow",
}
_NEXT = {
    "submitted": "Next: proviso change plan {id}",
    "planned": "Next: proviso change approve {id}",
    "approved": "Next: proviso change run {id}",
    "failed": "Next: proviso change plan {id}",
    "unknown": "Next: look at its run, then proviso run resume",
}
MOST_ITEMS = 20


def print_submission(answer: "Submission") -> None:
    """Print what became of a request that was handed in."""
    request = answer.request
    verdict = "refused" if not answer.accepted else request.state.value if request else ""
    again = "  (handed in before)" if answer.known else ""
    output.print_line(
        (f"{verdict:<10}", _STATES.get(verdict, "")),
        (answer.reference, "bold"),
        (f"  {request.id if request else 'not kept'}  line {answer.line}{again}", ""),
    )
    show_order.print_findings(answer.findings)
    if request is not None and request.reason and not answer.findings:
        output.say(f"  {request.reason}")
    if answer.billing is not None and answer.accepted:
        output.print_wrapped(f"{answer.billing.rule} ({', '.join(answer.billing.facts)})", indent=2)
    if request is not None and answer.accepted and request.state.value in _NEXT:
        output.say(_NEXT[request.state.value].format(id=request.id))


def submission_data(answer: "Submission") -> dict[str, object]:
    """Return what became of a request for JSON."""
    return {
        "reference": answer.reference,
        "line": answer.line,
        "verdict": "accepted" if answer.accepted else "refused",
        "known": answer.known,
        "id": answer.request.id if answer.request else None,
        "state": answer.request.state if answer.request else None,
        "findings": answer.findings,
        "billing": answer.billing,
    }


def print_requests(requests: "Sequence[RequestListed]") -> None:
    """Print requests as a table."""
    output.print_table(
        ("request", "line", "asks", "state", "handed in", "reference"),
        (
            (
                each.id,
                each.line,
                each.action,
                output.styled((each.state, _STATES[each.state])),
                minute(each.submitted_at),
                each.reference,
            )
            for each in requests
        ),
        wraps=("reference",),
    )


def print_seen(seen: "SeenChange") -> None:
    """Print a request in full."""
    request = seen.request
    output.print_facts(
        (
            ("state", output.styled((request.state.value, _STATES[request.state.value]))),
            ("why", request.reason),
            ("line", request.line),
            ("reference", request.reference),
            ("asked by", f"{request.requester}, handed in by {request.submitter}"),
            ("handed in", f"{minute(request.submitted_at)} (all times in Brussels)"),
            ("wanted", minute(request.wanted_at) if request.wanted_at else "as soon as possible"),
            ("follows from", request.parent),
            *(("asks", each) for each in asked(request.content)),
            ("billing", _billing(request.billing)),
            *_course(seen),
            *(("then", f"{each.id} {each.action.value}, {_when(each)}: {each.state}") for each in seen.follow_ups),
        ),
        title=f"Request {request.id}",
    )
    if request.findings:
        output.say()
        show_order.print_findings(request.findings)
    _print_history(seen.history)
    if request.state.value in _NEXT and not request.parent:
        output.say()
        output.say(_NEXT[request.state.value].format(id=request.id))


def _when(request: "ChangeRequest") -> str:
    return f"from {minute(request.wanted_at)}" if request.wanted_at else "as soon as possible"


def _course(seen: "SeenChange") -> Iterator[tuple[str, object]]:
    """Yield what was planned, approved, carried out and proven."""
    plan, approval, run = seen.plan, seen.approval, seen.run
    if plan is not None:
        yield "plan", f"{plan.digest} by {plan.playbook}, {minute(plan.planned_at)} ({plan.planned_by})"
    if approval is not None:
        yield "approved by", f"{approval.principal} as {approval.role}, {minute(approval.at)}"
    if seen.due is not None:
        yield "due", minute(seen.due)
    if run is not None:
        yield "run", f"{run.id} {run.state}: {run.message}" if run.message else f"{run.id} {run.state}"
        if run.verdict is not None:
            told = run.verdict.summary in (run.message or "")
            yield "proof", f"{'' if told else f'{run.verdict.summary}; '}`proviso run show {run.id}` has it whole"


def _print_history(history: "Sequence[AuditEntry]") -> None:
    output.print_table(
        ("when", "who", "what", "why"),
        ((minute(each.at), each.actor.name, each.action, _why(each)) for each in history),
        title="History",
        wraps=("why",),
    )


def _why(entry: "AuditEntry") -> str:
    """Return the reason of an entry, or who signed: an approval may be handed in by another account."""
    principal = entry.details.get("principal")
    return entry.reason or (f"signed by {principal}" if principal else "")


def seen_data(seen: "SeenChange") -> dict[str, object]:
    """Return a request with all that belongs to it for JSON."""
    request, run = seen.request, seen.run
    return {
        "request": request,
        "asks": list(asked(request.content, most=None)),
        "plan": seen.plan,
        "approval": seen.approval,
        "due": seen.due,
        "evidence": {"run": run.id, "state": run.state, "message": run.message, "verdict": run.verdict}
        if run is not None
        else None,
        "follow_ups": [{"id": each.id, "action": each.action, "state": each.state} for each in seen.follow_ups],
        "history": [
            {
                "number": each.number,
                "at": each.at,
                "who": each.actor.name,
                "from": each.actor.origin,
                "action": each.action,
                "reason": each.reason,
                "details": each.details,
            }
            for each in seen.history
        ],
        "message": seen.message,
    }


def message_data(seen: "SeenChange") -> dict[str, object]:
    """Return the message for the customer for JSON."""
    return {"id": seen.request.id, "message": seen.message}


def print_message(seen: "SeenChange") -> None:
    """Print the message for the customer, as a mail would have it."""
    output.say(f"To: {seen.message.to}")
    output.say(f"Subject: {seen.message.subject}")
    output.say()
    for line in seen.message.text.splitlines():
        output.say(line)


def say_ended(request: "ChangeRequest", *, json: bool) -> None:
    """Say that a request is refused or cancelled."""
    if json:
        output.print_json({"id": request.id, "state": request.state, "reason": request.reason})
        return
    output.print_line(
        (f"{request.state.value:<10}", _STATES[request.state.value]),
        (request.id, "bold"),
        (f"  {request.reference}  line {request.line}", ""),
    )
    output.say(f"The customer is told: proviso change show {request.id} --message")


def asked(content: Mapping[str, object], *, most: int | None = MOST_ITEMS) -> Iterator[str]:
    """Yield what a request asks for, a line each.

    Args:
        most: lines; None for all.
    """
    if content.get("fixed_ipv4") is not None:
        yield "another fixed IPv4 address"
    pack = content.get("ip_pack")
    if isinstance(pack, Mapping) and pack.get("block") == "retire":
        yield "the former block of the IP Pack goes"
    elif isinstance(pack, Mapping):
        yield f"another block for the IP Pack, side by side with the old one for {pack.get('side_by_side', '7d')}"
    if content.get("next_hop") is not None:
        yield f"{content['next_hop']} as the next hop"
    items = [_item(key, each) for key in ("close", "open") for each in _blocks(content.get(key))]
    yield from items[:most]
    if most is not None and len(items) > most:
        yield f"and {len(items) - most} more"


def _blocks(value: object) -> list[Mapping[str, object]]:
    return [each for each in value if isinstance(each, Mapping)] if isinstance(value, list) else []


def _item(key: str, item: Mapping[str, object]) -> str:
    to_port = f" port {item['to_port']}" if item.get("to_port") is not None else ""
    sources = f" from {_some(item['from'])}" if item.get("from") is not None else ""
    until = f" until {item['until']}" if item.get("until") is not None else ""
    return f"{key} {_some(item.get('ports'))} to {item.get('to')}{to_port}{sources}{until}"


def _some(value: object) -> str:
    texts = [str(each) for each in value] if isinstance(value, list) else []
    return ", ".join(
        (*texts[:MOST_ITEMS], f"and {len(texts) - MOST_ITEMS} more") if len(texts) > MOST_ITEMS else texts
    )


def _billing(billing: "BillingVerdict | None") -> str:
    return f"{billing.rule} ({', '.join(billing.facts)})" if billing is not None else ""


def minute(moment: "datetime") -> str:
    """Return a moment in contract time, to the minute: requests are about the contract's windows."""
    return f"{moment.astimezone(CONTRACT_TIME_ZONE):%Y-%m-%d %H:%M}"
