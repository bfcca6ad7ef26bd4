"""Puts together what was read of one ONT."""

from collections.abc import Iterator, Mapping

from provisioning.errors import AnswerNotUnderstood
from provisioning.model.ont import OntService
from provisioning.platforms.huawei_smartax import commands
from provisioning.platforms.huawei_smartax.read_configuration import OntConfiguration, is_plain
from provisioning.platforms.huawei_smartax.read_ont import OntInfo
from provisioning.platforms.huawei_smartax.read_service_ports import ServicePort


def service_of(
    info: OntInfo, configuration: OntConfiguration, ports: tuple[ServicePort, ...], tables: Mapping[int, str]
) -> tuple[OntService, int | None]:
    """Return what an ONT has, and the index of its service-port.

    Args:
        tables: name by number, of those that the service-ports use.

    Raises:
        AnswerNotUnderstood: when two answers contradict each other.
    """
    listed, written = {each.index for each in ports}, set(configuration.service_ports)
    if listed != written:
        raise AnswerNotUnderstood(
            f"service-ports {sorted(listed)} are listed, and {sorted(written)} stand in its configuration",
            remedy="Somebody may be changing it at the moment. Try again.",
        )
    ours = [each for each in ports if _is_ours(each, configuration)]
    port = ours[0] if len(ours) == 1 else None
    others = (*configuration.others, *_others(ports, port, configuration))
    service = OntService(
        serial=info.serial,
        line=info.description,
        line_profile=info.line_profile,
        service_profile=info.service_profile,
        down_table=_table(port.outbound, tables) if port else "",
        up_table=_table(port.inbound, tables) if port else "",
        vlan=port.vlan if port else 0,
        service_port=port is not None,
        user_vlan=configuration.user_vlan,
        active=info.active,
        others=others,
    )
    return service, port.index if port else None


def _is_ours(port: ServicePort, configuration: OntConfiguration) -> bool:
    return (
        port.gem == commands.GEM_PORT
        and port.flow == f"vlan {configuration.user_vlan}"
        and is_plain(configuration.service_ports[port.index])
    )


def _others(
    ports: tuple[ServicePort, ...], ours: ServicePort | None, configuration: OntConfiguration
) -> Iterator[str]:
    for each in ports:
        if each is not ours:
            # The index is no part of what it is.
            _, _, rest = configuration.service_ports[each.index].partition(f" {each.index} ")
            yield f"service-port {rest}"


def _table(index: int | None, tables: Mapping[int, str]) -> str:
    return "" if index is None else tables[index]
