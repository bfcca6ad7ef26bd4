"""What is made of what an OLT says of an ONT."""

from provisioning.judging.judgement import Judgement, failed, passed
from provisioning.judging.reading import Seen, text
from provisioning.model.checks.devices import OntCheck
from provisioning.model.proof import Found


def ont(check: OntCheck, seen: Seen) -> Judgement:
    """Return what is made of the ONT at the line's place.

    Args:
        seen: its `serial`, empty when there is none; whether it is `online`; its `tables`; how it `differs` from what
            was ordered, empty when it does not.
    """
    serial, differs = text(seen, "serial"), text(seen, "differs")
    if not serial:
        return failed(Found.NO_ONT, text(seen, "error") or f"nothing is registered at {check.scope}")
    told = f"{serial} at {check.scope}, traffic tables {text(seen, 'tables') or 'none'}"
    if differs or serial != check.serial:
        return failed(Found.ONT_DIFFERS, f"{told}: {differs or 'another serial'}")
    return passed(Found.ONT_AS_ORDERED, told) if seen.get("online") is True else failed(Found.ONT_DOWN, told)
