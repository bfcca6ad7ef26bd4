"""What an ONT shall have, from what its line must do."""

from provisioning.errors import UnreadableProject
from provisioning.model.intent import AddressedIntent
from provisioning.model.olt import Olt
from provisioning.model.ont import OntScope, OntService
from provisioning.platforms.huawei_smartax import names


def ont_scope(addressed: AddressedIntent) -> OntScope | None:
    """Return where the line's ONT hangs; None for a line without one."""
    ont = addressed.intent.ont
    if ont is None or addressed.ont_id is None:
        return None
    return OntScope(ont.olt, ont.port, addressed.ont_id)


def wanted_service(addressed: AddressedIntent, olt: Olt) -> OntService | None:
    """Return what the line's ONT shall have; None for a line without one.

    Args:
        olt: that the ONT hangs on. The kind of the port chooses the line profile (facts: X-13).

    Raises:
        UnreadableProject: when the inventory knows no such port.
    """
    ont = addressed.intent.ont
    if ont is None or addressed.ont_id is None:
        return None
    kind = olt.ports.get(ont.port)
    if kind is None:
        raise UnreadableProject(
            f"the inventory knows no port {ont.port}", where=olt.name, remedy="See `ports` in inventory/hosts.yaml."
        )
    rate = addressed.intent.rate
    return OntService(
        serial=ont.serial,
        line=addressed.intent.line,
        line_profile=names.line_profile_name(kind, olt.user_vlan),
        service_profile=names.service_profile_name(olt.user_vlan),
        down_table=names.table_name(rate.down) if rate else "",
        up_table=names.table_name(rate.up) if rate else "",
        vlan=olt.service_vlan,
        service_port=True,
        user_vlan=olt.user_vlan,
    )
