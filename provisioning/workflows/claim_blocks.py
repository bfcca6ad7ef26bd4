"""The blocks that an adopted line has: found on its router and its OLT, and claimed exactly as they are there."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from provisioning.adopting.read_line import blocks_of
from provisioning.errors import ProvisoError
from provisioning.model.adoption import UnmanagedBlock
from provisioning.model.block import Block
from provisioning.model.intent import Intent, Role
from provisioning.model.ont import OntScope
from provisioning.model.read_intent import ReadIntent
from provisioning.store import adoptions, assignments
from provisioning.store.assignments import Holder
from provisioning.store.claiming import Claimed, claim
from provisioning.workflows.olt import reached_olt
from provisioning.workflows.surroundings import Surroundings


@dataclass(frozen=True, slots=True)
class BlocksSeen:
    """What the devices of a line have.

    Attributes:
        blocks: of the router, by what they are to the line.
        ont: where the line's ONT is registered; None where there is none, or nobody could tell.
        notes: why nobody could tell.
    """

    blocks: Mapping[Role, Block]
    ont: OntScope | None = None
    notes: tuple[str, ...] = ()


def find_blocks(read: ReadIntent, form: Mapping[str, object], around: Surroundings) -> BlocksSeen:
    """Return what the line's devices have; an OLT that cannot be asked is told, and fails nothing.

    Args:
        read: what the router does.
        form: what people say of the line: its ONT, where it has one.
    """
    blocks, ont = blocks_of(read), form.get("ont")
    if not isinstance(ont, Mapping):
        return BlocksSeen(blocks)
    serial, olt, port = (str(ont.get(key, "")) for key in ("serial", "olt", "port"))
    try:
        with reached_olt(olt, around) as reached:
            found = reached.find(serial)
    except ProvisoError as error:
        return BlocksSeen(blocks, notes=(f"The number of ONT {serial} is not known: {error}.",))
    there = next((each for each in found if each.port == port), None)
    if there is not None:
        return BlocksSeen(blocks, there)
    elsewhere = ", ".join(map(str, found)) or "nowhere"
    return BlocksSeen(blocks, notes=(f"ONT {serial} is not registered on {olt} {port}; it is {elsewhere}.",))


def claim_blocks(
    connection: Connection, line: str, seen: BlocksSeen, order: str, now: datetime
) -> tuple[Claimed, ...]:
    """Claim for a line what its devices have; what it cannot get is told, and kept as a fact."""
    return tuple(_claims(connection, line, seen, order, now))


def _claims(connection: Connection, line: str, seen: BlocksSeen, order: str, now: datetime) -> Iterator[Claimed]:
    for role, block in seen.blocks.items():
        yield claim(connection, block, Holder(line, role, order, now))
    if seen.ont is not None:
        holder = Holder(line, Role.ONT_ID, order, now)
        yield claim(connection, Block(seen.ont.ont_id, 0), holder, scope=f"{seen.ont.olt} {seen.ont.port}")


def unmanaged_blocks(claims: tuple[Claimed, ...]) -> tuple[UnmanagedBlock, ...]:
    """Return the blocks that the line has and got from no pool."""
    return tuple(
        UnmanagedBlock(each.role, each.block, each.address, each.reason) for each in claims if each.assignment is None
    )


def blocks_of_line(connection: Connection, line: str) -> dict[Role, Block]:
    """Return the block of each role of a line: what it holds, and of an adopted line what no pool could give it."""
    held = {each.role: each.block for each in assignments.held_by(connection, line)}
    return {**adoptions.unmanaged_of(connection, line), **held}


def needs_known(intent: Intent, blocks: Mapping[Role, Block]) -> tuple[Intent, tuple[Role, ...]]:
    """Return an intent without the need for an ONT number that nobody knows, and which other needs have no block.

    A router does not ask for the number of its ONT; everything else it must be told.
    """
    needs = tuple(each for each in intent.needs if each.role is not Role.ONT_ID or each.role in blocks)
    return replace(intent, needs=needs), tuple(each.role for each in needs if each.role not in blocks)
