"""What a customer is told of a change request, in his language (facts: I-8.5): plain text, for a mail."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from provisioning.changes.moments import NoMoment, read_moment
from provisioning.changes.openings import ALL_PORTS
from provisioning.model.change_request import ChangeAction, ChangeRequest, RequestState
from provisioning.model.finding import Finding, Severity
from provisioning.model.opening import CUSTOMER_FIREWALL
from provisioning.model.proof import CheckKind
from provisioning.model.verdict import Outcome, Verdict, Weight
from provisioning.reports.refusal_terms import REASONS
from provisioning.reports.visible import one_line
from provisioning.reports.words import Language, Words, message

MOST_ITEMS = 20
"""Lines of what was asked for; a request may have thousands."""

_SUBJECTS: Mapping[RequestState, str] = {
    RequestState.SUBMITTED: message("Your change request %(reference)s: received"),
    RequestState.PLANNED: message("Your change request %(reference)s: prepared"),
    RequestState.APPROVED: message("Your change request %(reference)s: approved"),
    RequestState.RUNNING: message("Your change request %(reference)s: under way"),
    RequestState.DONE: message("Your change request %(reference)s: done"),
    RequestState.FAILED: message("Your change request %(reference)s: not carried out"),
    RequestState.UNKNOWN: message("Your change request %(reference)s: being looked at"),
    RequestState.REFUSED: message("Your change request %(reference)s: refused"),
    RequestState.CANCELLED: message("Your change request %(reference)s: cancelled"),
}

_PARAGRAPHS: Mapping[RequestState, str] = {
    RequestState.SUBMITTED: message("We have received your request, and are preparing it. Nothing has changed yet."),
    RequestState.PLANNED: message("Your request is prepared, and waits for its approval. Nothing has changed yet."),
    RequestState.APPROVED: message("Your request is approved, and is carried out as soon as possible."),
    RequestState.RUNNING: message("Your request is being carried out."),
    RequestState.DONE: message("Your request is in force."),
    RequestState.FAILED: message(
        "Your request could not be carried out. Your line went back by itself, and everything is as before. We look "
        "at what stood in the way, and try again."
    ),
    RequestState.UNKNOWN: message(
        "Your request was begun, and we cannot say yet whether it is in force. One of our engineers looks at it."
    ),
    RequestState.REFUSED: message("We cannot carry out your request. Nothing has changed."),
    RequestState.CANCELLED: message("Your request is cancelled. Nothing has changed."),
}

_OF_STRANGERS = ("requester-not-listed", "requester-nobody-listed")
_REQUESTED = (CheckKind.OPENING, CheckKind.SHUT, CheckKind.CUSTOMER_FIREWALL, CheckKind.ROUTED_BLOCK)
"""By what it is seen whether what was asked for works; the other checks are of what is as before."""

_ENDED_WITHOUT_COST = (RequestState.REFUSED, RequestState.CANCELLED)


@dataclass(frozen=True, slots=True)
class CustomerMessage:
    """A message.

    Attributes:
        to: e-mail of the representative who asked.
        text: paragraphs, with an empty line between them.
    """

    to: str
    language: str
    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class NewAddresses:
    """What a request in force brought the line.

    Attributes:
        address: the block, as people write it.
        beside_until: how long the one before works beside it; None when it is gone.
    """

    address: str
    beside_until: datetime | None = None


def customer_message(
    request: ChangeRequest,
    *,
    language: Language | None = None,
    due: datetime | None = None,
    verdict: Verdict | None = None,
    addresses: NewAddresses | None = None,
    parent: ChangeRequest | None = None,
) -> CustomerMessage:
    """Return what the customer is told of a request as it stands.

    Args:
        language: None for that of the request.
        due: when an approved request is carried out; None where that is not known.
        verdict: what its run has proven; None before.
        addresses: that a request in force brought; None for none.
        parent: that it follows from, whose reference is the one that the customer knows; None for one of its own.
    """
    chosen = language or _language(request.language)
    words = Words(chosen)
    reference = own_reference(request, parent)
    paragraphs = [
        words.text(
            message("Your reference: %(reference)s. Our reference: %(request)s. Line: %(line)s."),
            reference=reference,
            request=request.id,
            line=request.line,
        ),
        *_body(request, words, due, verdict, addresses, reference),
        *_cost(request, words),
    ]
    if request.parent:
        # Not to be taken for news of the request itself, which is done.
        reference = words.text(message("%(reference)s (its end)"), reference=reference)
    subject = words.text(_SUBJECTS[request.state], reference=reference)
    return CustomerMessage(one_line(request.requester), chosen, subject, "\n\n".join(paragraphs) + "\n")


def own_reference(request: ChangeRequest, parent: ChangeRequest | None) -> str:
    """Return the customer's own reference: what follows from his request has it too."""
    return one_line((parent or request).reference)


def _language(written: str) -> Language:
    match written:
        case "fr" | "nl":
            return written
        case _:
            return "en"


def _body(
    request: ChangeRequest,
    words: Words,
    due: datetime | None,
    verdict: Verdict | None,
    addresses: NewAddresses | None,
    reference: str,
) -> Iterator[str]:
    state = request.state
    if request.parent:
        yield words.text(message("This follows from your request %(parent)s, whose end has come."), parent=reference)
    if state is RequestState.APPROVED and due is not None:
        yield words.text(
            message("Your request is approved, and is carried out on %(moment)s or soon after."),
            moment=words.minute(due),
        )
    elif state is RequestState.DONE and request.ended_at is not None:
        yield words.text(message("Your request is in force since %(moment)s."), moment=words.minute(request.ended_at))
    else:
        yield words.text(_PARAGRAPHS[state])
    if state is RequestState.DONE and addresses is not None:
        yield _now(addresses, words)
    if state is RequestState.DONE and verdict is not None:
        yield from _proof(verdict, words)
    if state in _ENDED_WITHOUT_COST and request.reason:
        yield from _reasons(request, words)
    yield "\n".join((words.text(message("What was asked for:")), *(f"- {each}" for each in _asked(request, words))))


def _now(addresses: NewAddresses, words: Words) -> str:
    address = addresses.address.removesuffix("/32")
    if addresses.beside_until is None:
        return words.text(
            message("Your address is now %(address)s; the one before is no longer yours."), address=address
        )
    return words.text(
        message("Your IP Pack is now %(address)s; the one before works beside it until %(moment)s."),
        address=address,
        moment=words.minute(addresses.beside_until),
    )


def _proof(verdict: Verdict, words: Words) -> Iterator[str]:
    passed = verdict.count(Outcome.PASSED)
    # What was asked for may be what nobody could look at: then it is not said to work.
    gates = [each for each in verdict.results if each.weight is Weight.GATE and each.kind in _REQUESTED]
    unseen = sum(each.outcome is Outcome.NOT_OBSERVED for each in gates)
    if unseen:
        yield from _proof_in_part(passed, unseen, words)
        return
    yield words.count(
        "It was proven: %(number)s check of your line passed. What you asked for works, and the rest is as before.",
        "It was proven: %(number)s checks of your line passed. What you asked for works, and the rest is as before.",
        passed,
    )


def _proof_in_part(passed: int, unseen: int, words: Words) -> Iterator[str]:
    yield words.count(
        "%(number)s check of your line passed, and none speaks against what you asked for.",
        "%(number)s checks of your line passed, and none speaks against what you asked for.",
        passed,
    )
    yield words.count(
        "%(number)s check could not be made from where we can look. Tell us if something does not work.",
        "%(number)s checks could not be made from where we can look. Tell us if something does not work.",
        unseen,
    )


def _reasons(request: ChangeRequest, words: Words) -> Iterator[str]:
    refusals = [each for each in request.findings if each.severity is Severity.REFUSAL]
    # A stranger learns nothing of the line: neither whose it is, nor what is open there.
    strangers = [words.text(REASONS[each.code]) for each in refusals if each.code in _OF_STRANGERS]
    reasons = strangers or [_told(each, words) for each in refusals] or [one_line(request.reason)]
    yield "\n".join((words.text(message("The reason:")), *(f"- {each}" for each in reasons)))


def _told(finding: Finding, words: Words) -> str:
    """Return a reason of the check: it is noted in English, and in other languages what it comes to stands before."""
    reason = one_line(finding.reason)
    if words.language == "en" or finding.code not in REASONS:
        return reason
    place = f" ({one_line(finding.where)})" if finding.where else ""
    return f"{words.text(REASONS[finding.code])}{place}: {reason}"


def _asked(request: ChangeRequest, words: Words) -> Iterator[str]:
    content = request.content
    if content.get("fixed_ipv4") is not None:
        yield words.text(message("another fixed IPv4 address"))
    if request.action is ChangeAction.RETIRE_IP_PACK:
        yield words.text(message("the former addresses of the IP Pack go"))
    elif content.get("ip_pack") is not None:
        yield words.text(message("other addresses for the IP Pack"))
    if content.get("next_hop") is not None:
        yield words.text(message("%(hop)s as the address of your own router"), hop=one_line(content["next_hop"]))
    items = [*_items(content, "open"), *_items(content, "close")]
    for key, item in items[:MOST_ITEMS]:
        yield _item(key, item, words)
    if len(items) > MOST_ITEMS:
        more = len(items) - MOST_ITEMS
        yield words.count("and %(number)s more", "and %(number)s more", more)


def _items(content: Mapping[str, object], key: str) -> Iterator[tuple[str, Mapping[str, object]]]:
    items = content.get(key)
    for each in items if isinstance(items, list) else []:
        if isinstance(each, Mapping):
            yield key, each


def _item(key: str, item: Mapping[str, object], words: Words) -> str:
    written = [words.text(message("all ports")) if each == ALL_PORTS else each for each in _texts(item.get("ports"))]
    ports, target = ", ".join(written), one_line(item.get("to"))
    shown = words.text(message("your own firewall")) if target == CUSTOMER_FIREWALL else target
    msgid = message("open %(ports)s to %(target)s") if key == "open" else message("close %(ports)s to %(target)s")
    parts = [words.text(msgid, ports=ports, target=shown)]
    if item.get("to_port") is not None:
        parts.append(words.text(message("arriving at port %(port)s"), port=one_line(item["to_port"])))
    if item.get("from") is not None:
        parts.append(words.text(message("from %(sources)s"), sources=", ".join(_texts(item["from"]))))
    if item.get("until") is not None:
        parts.append(words.text(message("until %(moment)s"), moment=_moment(str(item["until"]), words)))
    return ", ".join(parts)


def _texts(value: object) -> list[str]:
    texts = [one_line(each) for each in value] if isinstance(value, list) else []
    return [*texts[:MOST_ITEMS], "…"] if len(texts) > MOST_ITEMS else texts


def _moment(written: str, words: Words) -> str:
    try:
        return words.minute(read_moment(written))
    except NoMoment:
        return one_line(written)


def _cost(request: ChangeRequest, words: Words) -> Iterator[str]:
    billing = request.billing
    if request.state in _ENDED_WITHOUT_COST:
        yield words.text(message("Nothing is billed."))
    elif request.parent:
        yield words.text(message("It is part of that request, and is not billed apart."))
    elif billing is not None and billing.free and billing.free_until is not None:
        yield words.text(
            message("It is free: you asked in the first week of your line, which ends on %(moment)s."),
            moment=words.minute(billing.free_until),
        )
    elif billing is not None and billing.free_until is not None:
        yield words.text(
            message("It is billed once it is carried out: the first week of your line ended on %(moment)s."),
            moment=words.minute(billing.free_until),
        )
    elif billing is not None:
        yield words.text(message("It is billed once it is carried out: the first week of your line is over."))
