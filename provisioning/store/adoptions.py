"""Lines whose routers were taken in: what was read of these last, and blocks that no pool could give."""

from collections.abc import Mapping
from dataclasses import asdict
from ipaddress import IPv4Address
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select

from provisioning.model.adoption import (
    AdoptedDifference,
    AdoptedFact,
    AdoptedLine,
    Adoption,
    Reading,
    UnmanagedBlock,
)
from provisioning.model.block import Block
from provisioning.model.intent import Role
from provisioning.model.line_id import line_id, line_number
from provisioning.model.read_intent import Sureness
from provisioning.store.tables import ADOPTION


def adoption_of(connection: Connection, line: str) -> Adoption | None:
    """Return how a line was taken in, and what was read of its router last; None where it was not."""
    row = connection.execute(select(ADOPTION).where(ADOPTION.c.line_id == line_number(line))).first()
    return _adoption(row) if row is not None else None


def unmanaged_of(connection: Connection, line: str) -> dict[Role, Block]:
    """Return the blocks that a line's router has and that no pool of ours could give the line."""
    return {each.role: each.block for each in _all_unmanaged(connection, line)}


def unmanaged_addresses(connection: Connection, line: str) -> dict[Role, str]:
    """Return the same blocks as people write them."""
    return {each.role: each.address for each in _all_unmanaged(connection, line)}


def keep_adoption(connection: Connection, adoption: Adoption) -> None:
    """Keep how a line was taken in, in place of what was kept of it before."""
    number = line_number(adoption.line)
    connection.execute(delete(ADOPTION).where(ADOPTION.c.line_id == number))
    connection.execute(
        insert(ADOPTION).values(
            line_id=number,
            serial=adoption.serial,
            platform=adoption.platform,
            host=adoption.host,
            management=str(adoption.management) if adoption.management else None,
            order_number=adoption.order,
            adopted_at=adoption.adopted_at,
            read_at=adoption.read_at,
            reading=asdict(adoption.reading),
            unmanaged=[
                {
                    "role": each.role.value,
                    "first": str(each.block.first),
                    "level": each.block.level,
                    "address": each.address,
                    "reason": each.reason,
                }
                for each in adoption.unmanaged
            ],
        )
    )


def _all_unmanaged(connection: Connection, line: str) -> list[UnmanagedBlock]:
    query = select(ADOPTION.c.unmanaged).where(ADOPTION.c.line_id == line_number(line))
    return [_unmanaged(each) for each in connection.execute(query).scalar_one_or_none() or []]


def _adoption(row: Row[tuple[object, ...]]) -> Adoption:
    return Adoption(
        line=line_id(row.line_id),
        serial=row.serial,
        platform=row.platform,
        host=row.host,
        management=IPv4Address(row.management) if row.management else None,
        order=row.order_number,
        adopted_at=row.adopted_at,
        read_at=row.read_at,
        reading=_reading(row.reading),
        unmanaged=tuple(map(_unmanaged, row.unmanaged)),
    )


def _reading(data: Mapping[str, Any]) -> Reading:
    return Reading(
        facts=tuple(AdoptedFact(**{**each, "sure": Sureness(each["sure"])}) for each in data["facts"]),
        unread=_lines(data["unread"]),
        beyond=_lines(data["beyond"]),
        lacking=_lines(data["lacking"]),
        differences=tuple(AdoptedDifference(**each) for each in data["differences"]),
        whole=data["whole"],
        missing=tuple(data["missing"]),
        ssid=data["ssid"],
        channel=data["channel"],
    )


def _lines(data: list[dict[str, str]]) -> tuple[AdoptedLine, ...]:
    return tuple(AdoptedLine(**each) for each in data)


def _unmanaged(data: Mapping[str, Any]) -> UnmanagedBlock:
    block = Block(int(data["first"]), int(data["level"]))
    return UnmanagedBlock(Role(data["role"]), block, data["address"], data["reason"])
