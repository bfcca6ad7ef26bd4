"""What became of a run whose process was killed: every combination of its row and the router's answer."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from provisioning.model.device import DeviceStatus
from provisioning.model.run import Run, RunStage, RunState
from provisioning.model.verdict import CheckResult, Outcome, Verdict, Viewpoint, Weight
from provisioning.planning.settle import settle

MOMENT = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)
BEFORE, WANTED, OTHER = "a" * 64, "b" * 64, "c" * 64


def verdict(outcome: Outcome) -> Verdict:
    return Verdict(
        (CheckResult("scan", "scan", "", Viewpoint.INTERNET, Weight.GATE, outcome, "the openings", "nmap", ()),)
    )


def run(*, base: str = BEFORE, wanted: str = WANTED, proof: Outcome | None = None) -> Run:
    return Run(
        id="R-1",
        line="L-1",
        order="PX-1",
        scope="LX0101",
        stage=RunStage.CONFIRM,
        state=RunState.RUNNING,
        base=base,
        wanted=wanted,
        started_at=MOMENT,
        ended_at=None,
        message="",
        differences=(),
        delivered=None,
        verdict=verdict(proof) if proof else None,
    )


def status(*, confirmed: str = BEFORE, pending: str = "", live: str | None = None) -> DeviceStatus:
    deadline = MOMENT if pending else None
    return DeviceStatus(confirmed, pending, deadline, live or pending or confirmed, settled=True, outcome="")


@pytest.mark.parametrize(
    ("left", "answer", "state", "says"),
    [
        (run(base="", wanted=""), None, RunState.FAILED, "nothing was changed"),
        (run(), None, RunState.INTERRUPTED, "takes back by itself"),
        (run(), status(), RunState.WENT_BACK, "as before"),
        (run(), status(pending=WANTED), RunState.INTERRUPTED, "at 11:00:00 UTC"),
        (run(), status(pending=OTHER), RunState.WENT_BACK, "a later change"),
        (run(proof=Outcome.PASSED), status(confirmed=WANTED), RunState.PROVEN, "on record"),
        (run(proof=Outcome.FAILED), status(confirmed=WANTED), RunState.UNKNOWN, "no proof"),
        (run(), status(confirmed=WANTED), RunState.UNKNOWN, "no proof"),
        (run(base=WANTED), status(confirmed=WANTED), RunState.FAILED, "already"),
        (run(), status(confirmed=OTHER), RunState.UNKNOWN, "neither"),
        (run(), status(confirmed=BEFORE, live=OTHER), RunState.UNKNOWN, "neither"),
    ],
)
def test_the_row_and_the_router_together_tell(
    left: Run, answer: DeviceStatus | None, state: RunState, says: str
) -> None:
    found, message = settle(left, answer)
    assert found is state
    assert says in message


def test_a_run_that_is_settled_twice_stays_settled_as_long_as_the_router_says_the_same() -> None:
    first = settle(run(), status())
    again = settle(replace(run(), state=first[0], message=first[1]), status())
    assert first == again
