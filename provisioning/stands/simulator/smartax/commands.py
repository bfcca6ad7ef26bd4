"""The commands of a SmartAX: where each may be typed, how it is written, what it does.

From the command references of MA5600T and MA5800 (V100R0xx) as far as public pages and transcripts repeat them. Boards
of GPON and of XGS-PON have the same words: `interface gpon`, `ont-lineprofile gpon`, `service-port … gpon`.
"""

from collections.abc import Mapping

from provisioning.stands.simulator.smartax import profile_commands, session_commands, show_commands, write_commands
from provisioning.stands.simulator.smartax.grammar import Pattern
from provisioning.stands.simulator.smartax.shell import Command, Mode

COMMANDS = (
    *session_commands.COMMANDS,
    *show_commands.COMMANDS,
    *write_commands.COMMANDS,
    *profile_commands.COMMANDS,
)

BY_MODE: Mapping[Mode, tuple[tuple[Command, Pattern], ...]] = {
    mode: tuple((each, each.pattern) for each in COMMANDS if mode in each.modes) for mode in Mode
}
"""What may be typed in each mode."""
