"""TCP sessions that came in before a change, and what becomes of them."""

from dataclasses import dataclass
from typing import ClassVar

from provisioning.model.checks.check import Address, Check
from provisioning.model.proof import CheckKind


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionSurvivesCheck(Check):
    """A TCP session that came in before the change, by an opening that it leaves alone, goes on after it.

    Attributes:
        candidates: ports of `address` to try one after the other, until somebody answers.
    """

    kind: ClassVar[CheckKind] = CheckKind.SESSION_SURVIVES

    address: Address
    candidates: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionEndedCheck(Check):
    """A TCP session that came in before the change, by an opening that it closes, has ended after it."""

    kind: ClassVar[CheckKind] = CheckKind.SESSION_ENDED

    address: Address
    candidates: tuple[int, ...]


SessionCheck = SessionSurvivesCheck | SessionEndedCheck
