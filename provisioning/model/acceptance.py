"""What an acceptance report tells: what was ordered, what was delivered, what was proven, when and by which run."""

from dataclasses import dataclass
from datetime import datetime

from provisioning.model.intent import AddressedIntent
from provisioning.model.product import Product
from provisioning.model.run import RunStage
from provisioning.model.verdict import Verdict


@dataclass(frozen=True, slots=True)
class StageTiming:
    """How long a stage of the run took."""

    stage: RunStage
    seconds: float


@dataclass(frozen=True, slots=True)
class AcceptanceReport:
    """Everything that an acceptance report says; it holds no secret, and none may be added.

    Attributes:
        product: the order: number, customer, site, formula, options.
        addressed: what was delivered.
        run: id of the run that proved the line, such as `R-1`.
        started: when that run started; aware.
        ended: when it ended; aware.
        serial: of the router; empty where the operator supplies none.
        digest: of the configuration in force; empty where there is none.
        open_before: what answered from outside before the change, in plain text, such as `tcp/22 of 192.0.2.1`;
            None where nobody looked.
        timings: by stage, in the order in which they ran.

    Raises:
        ValueError: when a moment has no time zone.
    """

    product: Product
    addressed: AddressedIntent
    run: str
    started: datetime
    ended: datetime
    serial: str
    digest: str
    verdict: Verdict
    open_before: tuple[str, ...] | None = None
    timings: tuple[StageTiming, ...] = ()

    def __post_init__(self) -> None:
        if self.started.tzinfo is None or self.ended.tzinfo is None:
            raise ValueError("an acceptance report needs moments with a time zone")
