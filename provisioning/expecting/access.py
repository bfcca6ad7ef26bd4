"""What must be observed on the OLT."""

from collections.abc import Iterator

from provisioning.model.checks.devices import OntCheck
from provisioning.model.expectation import AnyCheck
from provisioning.model.intent import AddressedIntent
from provisioning.model.ont import OntScope
from provisioning.model.verdict import Viewpoint, Weight


def access(addressed: AddressedIntent) -> Iterator[AnyCheck]:
    """Yield that the line's ONT is up with what was ordered; nothing on a line without one."""
    ont = addressed.intent.ont
    if ont is not None and addressed.ont_id is not None:
        yield OntCheck(
            id="ont",
            subject=f"{ont.serial} on {ont.olt} {ont.port}",
            viewpoint=Viewpoint.OLT,
            weight=Weight.GATE,
            facts=("X-13",),
            serial=ont.serial,
            scope=OntScope(ont.olt, ont.port, addressed.ont_id),
        )
