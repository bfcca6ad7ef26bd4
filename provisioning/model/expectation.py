"""What must be observed of a line, from where, and whether it stands in the way of a confirmation.

Checks hold values only: how something is observed is for the vantage points, and what it means for the judge.
"""

from dataclasses import dataclass

from provisioning.model.checks.behind import (
    DnsCheck,
    FirewallCheck,
    LeaseCheck,
    NatCheck,
    SlaacCheck,
    SourceFilterCheck,
)
from provisioning.model.checks.devices import ConfigurationCheck, ManagementCheck, OntCheck
from provisioning.model.checks.openings import ClosedPortCheck, OpeningCheck, RoutedBlockCheck, ShutCheck
from provisioning.model.checks.performance import LatencyCheck, LossCheck, MtuCheck, ThroughputCheck
from provisioning.model.checks.scans import ScanCheck, UnchangedCheck
from provisioning.model.checks.sessions import SessionEndedCheck, SessionSurvivesCheck

AnyCheck = (
    OpeningCheck
    | ScanCheck
    | ClosedPortCheck
    | LeaseCheck
    | NatCheck
    | SlaacCheck
    | DnsCheck
    | FirewallCheck
    | RoutedBlockCheck
    | SourceFilterCheck
    | ThroughputCheck
    | LatencyCheck
    | LossCheck
    | MtuCheck
    | ManagementCheck
    | OntCheck
    | ConfigurationCheck
    | ShutCheck
    | UnchangedCheck
    | SessionSurvivesCheck
    | SessionEndedCheck
)


@dataclass(frozen=True, slots=True)
class Expectation:
    """Everything that must be observed of one line.

    Attributes:
        cpe: serial of the router, by which the vantage points behind it are known; empty where it is not ours.
        checks: in the order in which people read them; ids are unique.
    """

    line: str
    cpe: str
    checks: tuple[AnyCheck, ...]

    def __getitem__(self, check: str) -> AnyCheck:
        return next(each for each in self.checks if each.id == check)
