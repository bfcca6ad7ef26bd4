"""Looking at a line's ONT on its OLT."""

from collections.abc import Iterator, Mapping

from provisioning.errors import ProvisoError
from provisioning.model.checks.devices import OntCheck
from provisioning.model.expectation import Expectation
from provisioning.model.intent import AddressedIntent
from provisioning.model.observation import Observation
from provisioning.model.ont import AccessRunning, OntService
from provisioning.platforms.huawei_smartax.differ import plan_ont
from provisioning.platforms.huawei_smartax.wanted import wanted_service
from provisioning.workflows.olt import reached_olt
from provisioning.workflows.open_olt import need_olt
from provisioning.workflows.surroundings import Surroundings


def observe_ont(expectation: Expectation, addressed: AddressedIntent, around: Surroundings) -> Iterator[Observation]:
    """Yield what the OLT says of the ONT that is expected; nothing where none is."""
    for check in expectation.checks:
        if isinstance(check, OntCheck):
            try:
                wanted = wanted_service(addressed, need_olt(check.scope.olt, around))
                with reached_olt(check.scope.olt, around) as olt:
                    seen = _seen(olt.fetch(check.scope, wanted), wanted, expectation.line)
            except ProvisoError as error:
                yield Observation(check.id, None, why_not=str(error))
            else:
                yield Observation(check.id, seen, by=(check.scope.olt,))


def _seen(running: AccessRunning, wanted: OntService | None, line: str) -> Mapping[str, object]:
    service = running.service
    if service is None:
        return {"serial": ""}
    change = plan_ont(running, wanted, line=line)
    return {
        "serial": service.serial,
        "online": running.online,
        "tables": f"{service.down_table} and {service.up_table}",
        "differs": " ".join(change.commands),
    }
