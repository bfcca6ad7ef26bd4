"""A planned change request and somebody who may approve it, for tests."""

from dataclasses import replace
from pathlib import Path

import pytest
from planned_requests import add_line, add_request, keep_planned
from signers import Signers
from worlds import World

from provisioning.errors import (
    ApprovalRefused,
)
from provisioning.model.audit import Actor
from provisioning.model.change_request import RequestState
from provisioning.store import audit, change_requests
from provisioning.workflows.approve_change import approve_change, to_approve
from provisioning.workflows.surroundings import Changes, Surroundings

ALICE = "alice@isp.example"


@pytest.fixture
def signers(tmp_path: Path) -> Signers:
    made = Signers(tmp_path)
    made.allow(made.entry(ALICE, "alice"))
    return made


@pytest.fixture
def around(world: World, signers: Signers) -> Surroundings:
    return replace(world.around, changes=Changes(signers.file), actor=Actor("desk", "desk.isp.example"))


@pytest.fixture
def request_id(world: World) -> str:
    identifier = add_request(world.store, add_line(world))
    keep_planned(world.store, identifier)
    return identifier


def state_of(around: Surroundings, identifier: str) -> RequestState:
    with around.store.read() as connection:
        return change_requests.need_request(connection, identifier).state


def history(around: Surroundings, identifier: str) -> list[str]:
    with around.store.read() as connection:
        return [each.action for each in audit.entries(connection, subject=identifier)]


def signed(around: Surroundings, signers: Signers, identifier: str, person: str = "alice") -> str:
    return signers.sign(person, to_approve(identifier, around).text)


def refused(around: Surroundings, identifier: str, signature: str) -> ApprovalRefused:
    """Return why a signature approves nothing; the request waits on, and the attempt is on record."""
    with pytest.raises(ApprovalRefused) as error:
        approve_change(identifier, signature, around)
    assert state_of(around, identifier) is RequestState.PLANNED
    assert history(around, identifier)[-1] == "change approve refused"
    return error.value
