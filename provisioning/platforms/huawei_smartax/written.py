"""What an OLT has for one ONT, as the commands that would make it again: the document `ont` of a backup.

They are the OLT's own, whoever gave them. Profiles and traffic tables stand by their names, since their numbers mean
nothing on another OLT, or once somebody has made them anew; the number of a service-port, which the OLT chooses, is
left out. The command reference has both forms ("ont add", "service-port").
"""

import re
from collections.abc import Mapping

from provisioning.model.ont import OntScope
from provisioning.platforms.huawei_smartax import commands
from provisioning.platforms.huawei_smartax.read_configuration import OntConfiguration
from provisioning.platforms.huawei_smartax.read_ont import OntInfo

_ADD = re.compile(r"ont add \d+ \d+ ")
_LINE_PROFILE = re.compile(r"\bont-lineprofile-id \d+\b")
_SERVICE_PROFILE = re.compile(r"\bont-srvprofile-id \d+\b")
_SERVICE_PORT = re.compile(r"service-port \d+ ")
_TABLE = re.compile(r"\btraffic-table index (\d+)\b")


def written(scope: OntScope, info: OntInfo, configuration: OntConfiguration, tables: Mapping[int, str]) -> str:
    """Return the commands that concern an ONT, a line each, from the OLT's configuration mode and back to it.

    Args:
        info: of the ONT, which has the names of its profiles.
        configuration: of the ONT.
        tables: names of the traffic tables that its service-ports use, by number.
    """
    inside = [each for each in configuration.lines if not _SERVICE_PORT.match(each)]
    outside = [each for each in configuration.lines if _SERVICE_PORT.match(each)]
    lines = (
        commands.enter_board(scope),
        *(f" {_named(each, info)}" for each in inside),
        f" {commands.QUIT}",
        *(_tables_named(_SERVICE_PORT.sub("service-port ", each, count=1), tables) for each in outside),
    )
    return "".join(f"{each}\n" for each in lines)


def _named(line: str, info: OntInfo) -> str:
    if not _ADD.match(line):
        return line
    # Named by functions, so that nothing in a name means anything to the pattern.
    line = _LINE_PROFILE.sub(lambda _: f"ont-lineprofile-name {info.line_profile}", line)
    return _SERVICE_PROFILE.sub(lambda _: f"ont-srvprofile-name {info.service_profile}", line)


def _tables_named(line: str, tables: Mapping[int, str]) -> str:
    def named(found: "re.Match[str]") -> str:
        name = tables.get(int(found[1]))
        return f"traffic-table name {name}" if name else found[0]

    return _TABLE.sub(named, line)
