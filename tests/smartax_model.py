"""An OLT's state as a pure model: takes commands, refuses what an OLT refuses, knows nothing of the differ."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from provisioning.model.ont import AccessRunning, OntScope, OntService
from provisioning.platforms.huawei_smartax.digest import service_digest

Place = tuple[str, int]


class RefusedByModel(Exception):
    """What an OLT would answer with `Failure:`."""


@dataclass
class Flow:
    place: Place
    vlan: int
    user_vlan: int
    up: str
    down: str


@dataclass
class ModelOlt:
    """An OLT.

    Attributes:
        keeps_begun: whether a profile that was opened exists before it is committed.
    """

    keeps_begun: bool = False
    onts: dict[Place, OntService] = field(default_factory=dict)
    flows: dict[int, Flow] = field(default_factory=dict)
    tables: dict[str, set[str]] = field(default_factory=dict)
    dba: dict[str, set[str]] = field(default_factory=dict)
    line_profiles: dict[str, set[str]] = field(default_factory=dict)
    service_profiles: dict[str, set[str]] = field(default_factory=dict)
    mode: str = "privileged"
    draft: set[str] = field(default_factory=set)

    def lose_session(self) -> None:
        self.mode, self.draft = "privileged", set()

    def run(self, lines: Iterable[str]) -> None:
        for line in lines:
            self.take(line)

    def take(self, line: str) -> None:
        kind, _, rest = self.mode.partition(" ")
        match kind:
            case "privileged":
                self._expect(line == "config", line)
                self.mode = "config"
            case "config":
                self._configure(line)
            case "board":
                self._board(line, rest)
            case _:
                self._profile(line, kind, rest)

    def _expect(self, holds: bool, line: str) -> None:
        if not holds:
            raise RefusedByModel(f"{self.mode}: {line}")

    def _configure(self, line: str) -> None:
        if line == "quit":
            self.mode = "privileged"
        elif found := re.fullmatch(r"interface gpon (\d+/\d+)", line):
            self.mode = f"board {found[1]}"
        elif found := re.fullmatch(r"traffic table ip name (\S+) cir (\d+) pir (\d+) priority 0 .*", line):
            self._expect(found[1] not in self.tables and int(found[2]) % 64 == 0, line)
            self.tables[found[1]] = {f"cir {found[2]}", f"pir {found[3]}"}
        elif found := re.fullmatch(r"dba-profile add profile-name (\S+) type4 max (\d+)", line):
            self._expect(found[1] not in self.dba, line)
            self.dba[found[1]] = {"type 4", f"max {found[2]}"}
        elif found := re.fullmatch(r"ont-(line|srv)profile gpon profile-name (\S+)", line):
            self.mode = f"{found[1]} {found[2]}"
            held = self._profiles(found[1])
            self.draft = set(held.get(found[2], set()))
            if self.keeps_begun:
                held.setdefault(found[2], set())
        else:
            self._flow(line)

    def _profiles(self, kind: str) -> dict[str, set[str]]:
        return self.line_profiles if kind == "line" else self.service_profiles

    def _profile(self, line: str, kind: str, name: str) -> None:
        if line == "commit":
            self._profiles(kind)[name] = set(self.draft)
        elif line == "quit":
            self.mode, self.draft = "config", set()
        elif found := re.fullmatch(r"tcont 1 dba-profile-name (\S+)", line):
            self._expect(found[1] in self.dba, line)
            self.draft.add(line)
        else:
            self._expect(line not in self.draft, line)
            self.draft.add(line)

    def _flow(self, line: str) -> None:
        if found := re.fullmatch(
            r"service-port vlan (\d+) gpon (\S+) ont (\d+) gemport 1 multi-service user-vlan (\d+)"
            r" tag-transform translate(?: inbound traffic-table name (\S+))?(?: outbound traffic-table name (\S+))?",
            line,
        ):
            place = (found[2], int(found[3]))
            self._expect(place in self.onts and not self._flows_of(place), line)
            self._expect(all(each is None or each in self.tables for each in (found[5], found[6])), line)
            flow = Flow(place, int(found[1]), int(found[4]), found[5] or "", found[6] or "")
            self.flows[max(self.flows, default=6) + 1] = flow
        elif found := re.fullmatch(
            r"service-port (\d+) inbound traffic-table name (\S+) outbound traffic-table name (\S+)", line
        ):
            self._expect(int(found[1]) in self.flows and {found[2], found[3]} <= set(self.tables), line)
            flow = self.flows[int(found[1])]
            flow.up, flow.down = found[2], found[3]
        elif found := re.fullmatch(r"undo service-port port (\S+) ont (\d+)", line):
            indexes = self._flows_of((found[1], int(found[2])))
            self._expect(bool(indexes), line)
            for index in indexes:
                del self.flows[index]
        else:
            self._expect(False, line)

    def _flows_of(self, place: Place) -> list[int]:
        return [index for index, flow in self.flows.items() if flow.place == place]

    def _board(self, line: str, board: str) -> None:
        if line == "quit":
            self.mode = "config"
            return
        found = re.fullmatch(
            r"ont (add|delete|modify|activate|deactivate|port native-vlan) (\d+) (\d+)(?: (.*))?", line
        )
        self._expect(found is not None, line)
        assert found is not None
        place = (f"{board}/{found[2]}", int(found[3]))
        if found[1] == "add":
            self._add(place, found[4], line)
            return
        self._expect(place in self.onts, line)
        ont = self.onts[place]
        match found[1]:
            case "delete":
                self._expect(not self._flows_of(place), line)
                del self.onts[place]
            case "activate" | "deactivate":
                self.onts[place] = replace(ont, active=found[1] == "activate")
            case "modify":
                what, _, value = found[4].partition(" ")
                field_name = {"ont-lineprofile-name": "line_profile", "ont-srvprofile-name": "service_profile"}.get(
                    what
                )
                changes = {field_name: value} if field_name else {"line": value.strip('"')}
                self._expect(not (field_name == "line_profile" and self._flows_of(place)), line)
                self.onts[place] = replace(ont, **changes)  # type: ignore[arg-type]  # of its own fields
            case _:
                vlan = int(re.fullmatch(r"eth 1 vlan (\d+) priority 0", found[4])[1])  # type: ignore[index]  # None fails the test
                self.onts[place] = replace(ont, user_vlan=0 if vlan == 1 else vlan)

    def _add(self, place: Place, rest: str, line: str) -> None:
        found = re.fullmatch(
            r'sn-auth "([0-9A-F]{8})([0-9A-F]{8})" omci ont-lineprofile-name (\S+)'
            r' ont-srvprofile-name (\S+) desc "(.*)"',
            rest,
        )
        self._expect(found is not None and place not in self.onts, line)
        assert found is not None
        serial = bytes.fromhex(found[1]).decode("ascii") + found[2]
        self._expect(serial not in {each.serial for each in self.onts.values()}, line)
        self._expect(found[3] in self.line_profiles and found[4] in self.service_profiles, line)
        self.onts[place] = OntService(serial, found[5], found[3], found[4], "", "", 0, False)

    def running(self, scope: OntScope, wanted: OntService | None) -> AccessRunning:
        place = (scope.port, scope.ont_id)
        ont = self.onts.get(place)
        indexes = self._flows_of(place)
        if ont is not None and indexes:
            flow = self.flows[indexes[0]]
            ont = replace(ont, service_port=True, vlan=flow.vlan, down_table=flow.down, up_table=flow.up)
        shared = {
            f"{kind} {name}": "; ".join(sorted(parts))
            for kind, held in (
                ("traffic-table", self.tables),
                ("dba-profile", self.dba),
                ("line-profile", self.line_profiles),
                ("service-profile", self.service_profiles),
            )
            for name, parts in held.items()
        }
        elsewhere = tuple(
            OntScope(scope.olt, *other)
            for other, each in self.onts.items()
            if wanted and each.serial == wanted.serial and other != place
        )
        index = indexes[0] if indexes else None
        return AccessRunning(scope, ont, shared, elsewhere, None if ont is None else True, service_digest(ont), index)
