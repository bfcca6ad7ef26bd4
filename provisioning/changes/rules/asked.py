"""What is asked: one kind of change, and something to do."""

from collections.abc import Iterator

from provisioning.changes import codes
from provisioning.changes.case import RequestCase, Rule
from provisioning.model.finding import Finding

KEYS = "`open` and `close`, `fixed_ipv4`, `ip_pack` or `next_hop`"


def one_thing_is_asked(case: RequestCase) -> Iterator[Finding]:
    """A request asks for ports, or an address, or a next hop: each has steps of its own (facts: I-8.5)."""
    form = case.form
    named = [key for key in ("open", "close", "fixed_ipv4", "ip_pack", "next_hop") if getattr(form, key) is not None]
    if not form.actions:
        empty = f" `{named[0]}` is empty." if named else ""
        yield codes.NOTHING_ASKED.at("", f"Nothing is asked for.{empty}", f"Name one of {KEYS}.")
    elif len(form.actions) > 1:
        kept = [key for key in named if getattr(form, key)]
        yield codes.SEVERAL_ASKED.at(
            kept[-1], f"{' and '.join(f'`{key}`' for key in kept)} go apart.", f"Ask for one of {KEYS} in a request."
        )


RULES: tuple[Rule, ...] = (one_thing_is_asked,)
