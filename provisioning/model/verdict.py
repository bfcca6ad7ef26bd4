"""What was observed of a line, and whether that is what was ordered."""

from dataclasses import dataclass
from enum import StrEnum


class Viewpoint(StrEnum):
    """From where something is observed."""

    INTERNET = "internet"
    LAN = "lan"
    CUSTOMER_FIREWALL = "customer-firewall"
    MANAGEMENT = "management"
    ROUTER = "router"
    OLT = "olt"


class Weight(StrEnum):
    """A gate must pass before a change is confirmed; a report is told."""

    GATE = "gate"
    REPORT = "report"


class Outcome(StrEnum):
    """A check that nobody could make is never passed."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_OBSERVED = "not observed"


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured figure.

    Attributes:
        name: such as `down`, `up`, `latency`, `loss`, `mtu`, `duration`.
        unit: such as `Mbit/s`, `ms`, `%`, `bytes`, `s`.
        target: what it is held against; None where nothing is promised.
        note: such as `scaled`, where a stand cannot carry what was ordered.
    """

    name: str
    value: float
    unit: str
    target: float | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Series:
    """A figure over time, for a plot.

    Attributes:
        points: (seconds since the start, value).
    """

    name: str
    unit: str
    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What became of one check.

    Attributes:
        check: stable id, unique within a verdict, such as `opening tcp/443 192.0.2.1`.
        kind: what is checked, such as `opening`, `scan`, `lease`; reports have a title for each kind.
        subject: which one, in plain text for people, such as `tcp/443 of 192.0.2.1 to 172.20.8.10`.
        finding: what was found, a word or two for people, such as `answered at the right host`.
        evidence: what it rests on, in the words of whoever observed it.
        facts: sections of docs/service-facts.md.
        evaluated: whether it was told from the configuration that the router has in force, and not observed.
    """

    check: str
    kind: str
    subject: str
    viewpoint: Viewpoint
    weight: Weight
    outcome: Outcome
    finding: str
    evidence: str
    facts: tuple[str, ...] = ()
    figures: tuple[Figure, ...] = ()
    series: tuple[Series, ...] = ()
    evaluated: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """All checks of a line at one time."""

    results: tuple[CheckResult, ...]

    @property
    def proven(self) -> bool:
        """Whether a change may be confirmed.

        Every gate has passed, and at least one of them was observed to. A gate that is seen from behind the router
        does not stand in the way where nobody could look from there, for in production there is often no host to look
        from; any other gate must have been observed, or told from the configuration in force.
        """
        gates = [each for each in self.results if each.weight is Weight.GATE and not each.evaluated]
        return any(each.outcome is Outcome.PASSED for each in gates) and not self.in_the_way

    @property
    def in_the_way(self) -> tuple[CheckResult, ...]:
        """The gates for which a change may not be confirmed."""
        behind = (Viewpoint.LAN, Viewpoint.CUSTOMER_FIREWALL)
        return tuple(
            each
            for each in self.results
            if each.weight is Weight.GATE
            and each.outcome is not Outcome.PASSED
            and not (each.outcome is Outcome.NOT_OBSERVED and each.viewpoint in behind)
        )

    @property
    def summary(self) -> str:
        """How many checks came out how, and which stand in the way."""
        reported = sum(each.outcome is Outcome.FAILED and each.weight is Weight.REPORT for each in self.results)
        numbers = {each: self.count(each) - (reported if each is Outcome.FAILED else 0) for each in Outcome}
        counts = [f"{number} {each.value}" for each, number in numbers.items() if number]
        if reported:
            # What stands in no way must not read as if it did.
            counts.append(f"{reported} failed, for information only")
        bad = [f"{each.kind} {each.subject}" for each in self.in_the_way]
        told = f"{self.sources}; " if self.evaluated else ""
        return told + ", ".join(counts) + (f"; in the way: {', '.join(bad[:3])}" if bad else "")

    @property
    def evaluated(self) -> int:
        """How many checks were told from the configuration in force, and not observed."""
        return sum(each.evaluated for each in self.results)

    @property
    def sources(self) -> str:
        """How many checks were observed, and how many told from the configuration."""
        observed = len(self.results) - self.evaluated - self.count(Outcome.NOT_OBSERVED)
        return f"{len(self.results)} checks: {observed} observed, {self.evaluated} evaluated"

    def count(self, outcome: Outcome) -> int:
        """Return how many checks came out so."""
        return sum(each.outcome is outcome for each in self.results)
