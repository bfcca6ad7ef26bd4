"""What benches of change requests have in common: requests handed in, planned, approved with a key, carried out."""

import os
import resource
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from provisioning.model.run import RunStage
    from provisioning.workflows.executor import Executor
    from provisioning.workflows.surroundings import Surroundings

SCANS = "scans"
"""What a run says begins so when it scans the line's addresses."""


def make_signer(folder: Path) -> dict[str, str]:
    """Make a key that may approve; return the environment that says so."""
    key = folder / "desk"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True)
    signers = folder / "allowed_signers"
    signers.write_text(f'desk@isp.example namespaces="change-approval@proviso" {key.with_suffix(".pub").read_text()}')
    return {"PROVISO_ALLOWED_SIGNERS_FILE": str(signers), "BENCH_KEY": str(key)}


def content(number: int, line: str, host: str, requester: str) -> dict[str, object]:
    """Return a request to open a port, another one for each number."""
    return {
        "schema": 1,
        "request": f"CR-2026-{number:04}",
        "line": line,
        "requester": requester,
        "open": [{"ports": [f"tcp/{9000 + number}"], "to": host}],
    }


def submitted(data: Mapping[str, object], around: "Surroundings") -> str:
    """Hand a request in; return its id."""
    from provisioning.changes.form import RequestForm
    from provisioning.workflows.submit_change import submit_change

    done = submit_change(RequestForm.model_validate(data), around)
    if done.request is None or not done.accepted:
        raise SystemExit(f"refused: {[each.reason for each in done.findings]}")
    return done.request.id


def approved(identifier: str, around: "Surroundings") -> str:
    """Plan a request, and approve it; return its id."""
    from provisioning.changes.approval_text import NAMESPACE
    from provisioning.signatures.ssh_keygen import sign
    from provisioning.workflows.approve_change import approve_change, to_approve
    from provisioning.workflows.plan_change import plan_change

    plan_change(identifier, around)
    text = to_approve(identifier, around).text
    approve_change(identifier, sign(text, Path(os.environ["BENCH_KEY"]), NAMESPACE), around)
    return identifier


@dataclass
class Timed:
    """How long one request took, from approved to proven and recorded.

    Attributes:
        wall: seconds in all.
        scans: seconds of them in which the line's addresses were scanned.
        looking: seconds of them in which the line was looked at, the scans included.
        cpu: seconds of CPU of this process and of what it called.
        stages: seconds by what was said to be done.
    """

    wall: float
    scans: float
    looking: float
    cpu: float
    stages: dict[str, float] = field(default_factory=dict)


def carried_out(identifiers: Sequence[str], up: "Executor") -> Timed:
    """Carry out requests of one line, and return how long it took."""
    from provisioning.model.change_request import RequestState
    from provisioning.workflows.run_changes import choose_changes, run_in_order

    told: list[tuple[float, str]] = []

    def tell(stage: "RunStage", text: str) -> None:
        told.append((time.monotonic(), f"{stage.value}: {text}"))

    with timed() as taken:
        chosen = choose_changes(identifiers, up.around, at_once=True)
        answers = [
            answer
            for some in chosen.lines
            for answer in run_in_order(some, up, lambda name: tell, Event(), now_because="it is measured")
        ]
    for each in answers:
        if each.request.state is not RequestState.DONE:
            raise SystemExit(f"{each.request.id} is {each.request.state}: {each.error or each.request.reason}")
    ends = [at for at, _ in told[1:]] + [taken.began + taken.wall]
    stages: dict[str, float] = {}
    for (at, text), end in zip(told, ends, strict=True):
        stages[text] = stages.get(text, 0.0) + end - at
    scans = sum(seconds for text, seconds in stages.items() if text.partition(": ")[2].startswith(SCANS))
    proof = sum(seconds for text, seconds in stages.items() if text.startswith("prove: "))
    before = sum(seconds for text, seconds in stages.items() if text.startswith(f"plan: {SCANS}"))
    return Timed(taken.wall, scans, proof + before, taken.cpu, stages)


@dataclass
class Taken:
    """Seconds that a block took; known when it has ended."""

    began: float
    wall: float = 0.0
    cpu: float = 0.0


@contextmanager
def timed() -> Iterator[Taken]:
    """Yield what a block takes."""
    taken, cpu = Taken(time.monotonic()), _cpu()
    yield taken
    taken.wall, taken.cpu = time.monotonic() - taken.began, _cpu() - cpu


def _cpu() -> float:
    own, called = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return own.ru_utime + own.ru_stime + called.ru_utime + called.ru_stime
