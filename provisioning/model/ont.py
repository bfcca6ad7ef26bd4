"""An ONT on its OLT: where it hangs, what it has or shall have, and what is going to happen to it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from provisioning.model.change import Difference


@dataclass(frozen=True, slots=True)
class OntScope:
    """Where an ONT hangs; the scope of a change on an OLT.

    Attributes:
        olt: name in the inventory.
        port: frame/slot/port, as `0/1/3`.
        ont_id: number on that port.
    """

    olt: str
    port: str
    ont_id: int

    def __str__(self) -> str:
        return f"{self.olt} {self.port} ONT {self.ont_id}"


@dataclass(frozen=True, slots=True)
class OntService:
    """What one ONT has, as wanted or as in force: the same shape for both, so that they compare.

    Attributes:
        serial: vendor id and eight hexadecimal digits, upper case: `HWTC1A2B3C4D`.
        line: the ONT's description on the OLT, which is the line's id.
        line_profile: name.
        service_profile: name.
        down_table: name of the traffic table towards the customer; empty without service-port.
        up_table: name of the traffic table from the customer; empty without service-port.
        vlan: of the service towards the network; 0 without service-port.
        service_port: whether it has a service-port: last on, first off.
        user_vlan: VLAN between ONT and OLT: into which the ONT puts untagged frames; 0 where nobody said.
        active: whether the OLT lets the ONT work; somebody may have deactivated it.
        others: what else hangs on it that we did not make, one line each; Proviso keeps its hands off such an ONT.
    """

    serial: str
    line: str
    line_profile: str
    service_profile: str
    down_table: str
    up_table: str
    vlan: int
    service_port: bool
    user_vlan: int = 0
    active: bool = True
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AccessRunning:
    """What is in force in one scope, as parsed.

    Attributes:
        service: None when there is no ONT with that id.
        shared: what the whole OLT shares and the wanted service needs, as far as it exists: name to content, as
            `traffic-table proviso-350000-down` to `cir 350000 …`.
        elsewhere: other places of the same OLT where the wanted serial is registered.
        online: whether the ONT is up; None when there is no ONT.
        digest: over `service` only: neither run state nor the index of a service-port moves it.
        service_port_index: by which the OLT knows its service-port; None without one.
        written: every command that concerns the ONT, as its OLT says them; there may be secrets in it.
    """

    scope: OntScope
    service: OntService | None
    shared: Mapping[str, str]
    elsewhere: tuple[OntScope, ...]
    online: bool | None
    digest: str
    service_port_index: int | None = None
    written: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class OntSeen:
    """What an OLT says of the ONT of a line, or why that is not known.

    Attributes:
        running: None when it could not be fetched.
        cause: of which kind the trouble was, as `errors.cause_of` tells them; empty when there was none.
        message: of the trouble, one line for people.
    """

    scope: OntScope
    running: AccessRunning | None
    cause: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True)
class OntChange:
    """A change of one ONT on its OLT, which has no revert timer: the run holds the way back before it begins.

    Attributes:
        platform: of the OLT.
        before: what is in force.
        after: what is wanted; None: no ONT.
        base: digest of `before`.
        wanted: digest of `after`.
        differences: for people; empty when there is nothing to do.
        commands: what is run on the OLT, in order, from its privileged mode and back to it.
        rollback: what takes the ONT back when every command was run; after a crash, plan anew from what is in force.
    """

    scope: OntScope
    platform: str
    before: OntService | None
    after: OntService | None
    base: str
    wanted: str
    differences: tuple[Difference, ...]
    commands: tuple[str, ...]
    rollback: tuple[str, ...]

    @property
    def empty(self) -> bool:
        """Whether the OLT has already all that is wanted."""
        return not self.commands
