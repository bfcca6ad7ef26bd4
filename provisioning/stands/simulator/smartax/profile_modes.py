"""Editing a line or service profile: nothing is in force before `commit`."""

from collections.abc import Mapping
from dataclasses import replace

from provisioning.stands.simulator.smartax.config import LineProfile, ServiceProfile
from provisioning.stands.simulator.smartax.device import Failure
from provisioning.stands.simulator.smartax.shell import Mode, Shell, Values


def draft_line(shell: Shell, values: Values) -> list[str]:
    """Begin to edit a line profile, new or old."""
    profiles = shell.device.config.lines
    index, name = _profile(profiles, values, "line-profile")
    shell.line = profiles.get(index) or LineProfile(index, name, {0: 1})
    shell.mode = Mode.LINE
    return []


def draft_service(shell: Shell, values: Values) -> list[str]:
    """Begin to edit a service profile, new or old."""
    profiles = shell.device.config.services
    index, name = _profile(profiles, values, "srv-profile")
    shell.service = profiles.get(index) or ServiceProfile(index, name)
    shell.mode = Mode.SERVICE
    return []


def _profile(
    profiles: Mapping[int, LineProfile] | Mapping[int, ServiceProfile], values: Values, prefix: str
) -> tuple[int, str]:
    by_name = {each.name: index for index, each in profiles.items()}
    wanted = values.get("name")
    if "id" in values:
        index = int(values["id"])
        if wanted is not None and by_name.get(wanted, index) != index:
            raise Failure("The profile name has existed already")
        return index, wanted or f"{prefix}_{index}"
    if wanted is not None and wanted in by_name:
        return by_name[wanted], wanted
    index = next(each for each in range(1, len(profiles) + 2) if each not in profiles)
    return index, wanted or f"{prefix}_{index}"


def line(shell: Shell) -> LineProfile:
    """Return the line profile that a session edits."""
    if shell.line is None:
        raise Failure("The profile does not exist")
    return shell.line


def service(shell: Shell) -> ServiceProfile:
    """Return the service profile that a session edits."""
    if shell.service is None:
        raise Failure("The profile does not exist")
    return shell.service


def tcont(shell: Shell, values: Values) -> list[str]:
    """Give a T-CONT its DBA profile."""
    for index, each in shell.device.config.dba.items():
        if values.get("id") == str(index) or values.get("name") == each.name:
            draft = line(shell)
            shell.line = replace(draft, tconts={**draft.tconts, int(values["tcont"]): index})
            return []
    raise Failure("The DBA-profile does not exist")


def gem_add(shell: Shell, values: Values) -> list[str]:
    """Make a GEM port."""
    draft, gem, number = line(shell), int(values["gem"]), int(values["tcont"])
    if gem in draft.gems:
        raise Failure("The GEM port has existed already")
    if number not in draft.tconts:
        raise Failure("The T-CONT does not exist")
    shell.line = replace(draft, gems={**draft.gems, gem: number})
    return []


def gem_delete(shell: Shell, values: Values) -> list[str]:
    """Remove a GEM port and its mappings."""
    draft, gem = line(shell), int(values["gem"])
    if gem not in draft.gems:
        raise Failure("The GEM port does not exist")
    gems = {each: number for each, number in draft.gems.items() if each != gem}
    shell.line = replace(draft, gems=gems, mappings={at: vlan for at, vlan in draft.mappings.items() if at[0] != gem})
    return []


def gem_mapping(shell: Shell, values: Values) -> list[str]:
    """Lead a VLAN through a GEM port."""
    draft, gem, at, vlan = line(shell), int(values["gem"]), int(values["mapping"]), int(values["vlan"])
    if gem not in draft.gems:
        raise Failure("The GEM port does not exist")
    if any((each, number) != (gem, at) and other == vlan for (each, number), other in draft.mappings.items()):
        raise Failure("The mapping relation conflicts with others")
    shell.line = replace(draft, mappings={**draft.mappings, (gem, at): vlan})
    return []


def ont_port(shell: Shell, values: Values) -> list[str]:
    """State how many ports an ONT has."""
    draft = service(shell)
    shell.service = replace(
        draft, pots=values.get("pots", draft.pots).lower(), eth=values.get("eth", draft.eth).lower()
    )
    return []


def port_vlan(shell: Shell, values: Values) -> list[str]:
    """Let a VLAN pass on an Ethernet port of an ONT."""
    draft, port = service(shell), int(values["ethport"])
    outer = int(values["vlan"])
    vlans = {**draft.vlans.get(port, {}), outer: int(values.get("uservlan", outer))}
    shell.service = replace(draft, vlans={**draft.vlans, port: vlans})
    return []


def transparent(shell: Shell, values: Values) -> list[str]:
    """Let an ONT pass everything as it is, or not."""
    shell.service = replace(service(shell), transparent=values["state"].lower() == "enable")
    return []


def commit(shell: Shell, values: Values) -> list[str]:
    """Put what was edited in force, for every ONT that has the profile."""
    config = shell.device.config
    if shell.line is not None:
        used = {flow.gem for flow in config.flows.values() if _has_line(shell, flow.port, flow.ont_id)}
        if used - shell.line.gems.keys():
            raise Failure("The GEM port has been bound to service virtual ports")
        config.lines[shell.line.index] = shell.line
    if shell.service is not None:
        config.services[shell.service.index] = shell.service
    return []


def _has_line(shell: Shell, port: str, ont_id: int) -> bool:
    ont = shell.device.config.onts.get((port, ont_id))
    return ont is not None and shell.line is not None and ont.line_profile == shell.line.index
