"""Going into the section of a statement."""

from provisioning.stands.simulator.cisco_iosxe.configuration.entry import Entry
from provisioning.stands.simulator.cisco_iosxe.configuration.modes import MODES
from provisioning.stands.simulator.cisco_iosxe.configuration.session import Place
from provisioning.stands.simulator.cisco_iosxe.configuration.statement import identity


def open_section(entry: Entry, mode: str) -> None:
    """Let the session go into the section of the statement of a line.

    Args:
        entry: the line.
        mode: of the section.
    """
    key = identity(entry.rule, entry.reading)
    path = (*entry.path, key)
    entry.session.modes = [*entry.session.modes, Place(mode, path, MODES[mode].suffix)]
