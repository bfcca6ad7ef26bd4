"""Which blocks a line has once a change of its addresses is in force."""

from collections.abc import Mapping

from provisioning.model.block import Block
from provisioning.model.change_request import ChangeAction
from provisioning.model.intent import FORMER, NEXT, Role

CHANGED_ROLE: Mapping[ChangeAction, Role] = {
    ChangeAction.CHANGE_ADDRESS: Role.FIXED_IPV4,
    ChangeAction.RENUMBER_IP_PACK: Role.IP_PACK,
}
"""Whose block an action replaces."""


def blocks_after(action: ChangeAction, held: Mapping[Role, Block]) -> Mapping[Role, Block]:
    """Return the block of each role once the change is in force; done already, it changes nothing.

    Args:
        action: of the request.
        held: the blocks of the line now, with what is reserved for it.
    """
    if action is ChangeAction.RETIRE_IP_PACK:
        return {role: block for role, block in held.items() if role not in FORMER.values()}
    role = CHANGED_ROLE.get(action)
    if role is None or NEXT[role] not in held:
        return held
    beside = {FORMER[role]: held[role]} if role in FORMER else {}
    return {**held, **beside, role: held[NEXT[role]]}
