"""The mobile modem of a router: whether it has a SIM, a network, and how well it hears it."""

from dataclasses import dataclass

from provisioning.stands.simulator.faults import Faults

LINES_A_CELL = 4
"""How many customers one cell serves: those with neighbouring numbers."""

FIRST_CELL = 1313793
GOOD_RSRP, WEAK_RSRP = -87, -119
"""dBm (3GPP TS 36.133, 9.1.4, reports -140 to -44)."""


@dataclass(frozen=True, slots=True)
class RadioState:
    """How the modem does.

    Attributes:
        has_sim: whether a SIM is in it.
        registered: whether a network takes it.
        rsrp: dBm; of no meaning without a network.
        cell: number of it.
    """

    has_sim: bool
    registered: bool
    rsrp: int
    cell: int

    @property
    def attached(self) -> bool:
        """Whether it carries packets."""
        return self.has_sim and self.registered


def radio_of(number: int, faults: Faults) -> RadioState:
    """Return how the modem of the customer with a number does."""
    cell = FIRST_CELL + (number - 1) // LINES_A_CELL
    rsrp = WEAK_RSRP if faults.weak_signal else GOOD_RSRP - number % 5
    return RadioState(not faults.no_sim, not (faults.no_sim or faults.no_registration), rsrp, cell)
