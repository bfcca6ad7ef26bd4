"""The digest of a plan: what is approved is this and nothing else."""

import hashlib
import json
from collections.abc import Mapping, Sequence

from provisioning.model.change_request import ChangePlan


def plan_digest(
    *,
    request: str,
    line: str,
    serial: str,
    base: str,
    wanted: str,
    playbook: str,
    playbook_digest: str,
    steps: Sequence[Mapping[str, object]],
    assignments: Sequence[str],
) -> str:
    """Return the SHA-256 of a plan, hexadecimal: over canonical JSON, so that the same plan always has the same.

    When it was planned and by whom is not in it: planned again, what is the same has the same digest.

    Args:
        request: digest of the request's content.
        base: digest of what is in force on the router.
        wanted: digest of what is put in force.
        playbook: its name.
        playbook_digest: of its text.
        steps: plain data, as JSON knows it.
        assignments: blocks that are taken or left, for people.
    """
    content = {
        "schema": 1,
        "request": request,
        "line": line,
        "serial": serial,
        "base": base,
        "wanted": wanted,
        "playbook": [playbook, playbook_digest],
        "steps": [dict(each) for each in steps],
        "assignments": list(assignments),
    }
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


def fits(plan: ChangePlan, *, request: str) -> bool:
    """Return whether a plan that was kept still has the digest that it says.

    Args:
        request: digest of the request's content.
    """
    return plan.digest == plan_digest(
        request=request,
        line=plan.line,
        serial=plan.serial,
        base=plan.base,
        wanted=plan.wanted,
        playbook=plan.playbook,
        playbook_digest=plan.playbook_digest,
        steps=plan.steps,
        assignments=plan.assignments,
    )
