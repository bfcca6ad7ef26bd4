"""What a check has to say: a refusal or a warning, with the fact that it rests on."""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """A refusal stops the order; a warning is told and the order goes on."""

    REFUSAL = "refusal"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """One reason, for the person who has to act on it.

    Attributes:
        code: stable for ever, for scripts (listed in docs/refusals.md).
        where: the key of the order form, such as `options.ip_pack.addresses`.
        reason: one sentence.
        facts: sections of docs/service-facts.md.
        remedy: what would make the order acceptable, or what to know.
    """

    severity: Severity
    code: str
    where: str
    reason: str
    facts: tuple[str, ...]
    remedy: str


@dataclass(frozen=True, slots=True)
class Code:
    """A kind of finding.

    Attributes:
        name: the stable code.
        facts: what it rests on, whatever the case at hand adds.
        title: what it means, for the list of codes.
    """

    name: str
    severity: Severity
    facts: tuple[str, ...]
    title: str

    def at(self, where: str, reason: str, remedy: str, *, facts: tuple[str, ...] = ()) -> Finding:
        """Return the finding for a place in a form; `facts` are added to those of the code."""
        together = tuple(dict.fromkeys((*self.facts, *facts)))
        return Finding(self.severity, self.name, where, reason, together, remedy)


class Codes(list[Code]):
    """The codes of one kind of check, in the order in which its page tells them."""

    def refusal(self, name: str, title: str, *facts: str) -> Code:
        """Add the code of a refusal, and return it."""
        return self._add(Code(name, Severity.REFUSAL, facts, title))

    def warning(self, name: str, title: str, *facts: str) -> Code:
        """Add the code of a warning, and return it."""
        return self._add(Code(name, Severity.WARNING, facts, title))

    def _add(self, code: Code) -> Code:
        self.append(code)
        return code


def refused(findings: tuple[Finding, ...]) -> bool:
    """Return whether any of them is a refusal."""
    return any(finding.severity is Severity.REFUSAL for finding in findings)
