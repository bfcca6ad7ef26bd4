"""Checks, observations and vantage points as the tests of a proof use them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import TypeAdapter

from provisioning.errors import VantageTrouble
from provisioning.model.expectation import AnyCheck
from provisioning.model.proof import CheckKind
from provisioning.model.verdict import Viewpoint

TYPES: Mapping[CheckKind, type[AnyCheck]] = {each.kind: each for each in AnyCheck.__args__}
COMMON = {"id": "one", "subject": "one", "viewpoint": "internet", "weight": "gate", "facts": ("I-5.2",)}


def check_of(kind: str, keys: Mapping[str, object]) -> AnyCheck:
    """Return a check of a kind from values as YAML knows them."""
    made: AnyCheck = TypeAdapter(TYPES[CheckKind(kind)]).validate_python({**COMMON, **keys})
    return made


Answers = Callable[[str, Mapping[str, Any]], Mapping[str, object]]


@dataclass
class ScriptedVantage:
    """A vantage point that answers what a function says, and remembers what it was asked."""

    viewpoint: Viewpoint
    answers: Answers
    asked: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        return f"probe-{self.viewpoint}"

    def probe(self, what: str, request: Mapping[str, object], *, seconds: float) -> Mapping[str, object]:
        assert seconds > 0
        self.asked.append(what)
        return self.answers(what, request)


def lost(what: str, request: Mapping[str, Any]) -> Mapping[str, object]:
    """Be a vantage point whose connection is gone."""
    raise VantageTrouble("the connection was lost", where="there", remedy="Try again.")
