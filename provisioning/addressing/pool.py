"""What a pool is, and which pools must not be."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Network, ip_network
from itertools import pairwise
from typing import Literal

from provisioning.addressing.special_purpose import Network, special_purpose_in
from provisioning.errors import PoolRefused, UnreadablePool
from provisioning.model.block import Block, aligned_blocks
from provisioning.model.intent import Role

Space = Literal["ipv4", "ipv6", "ont-id"]

LONGEST_QUARANTINE_DAYS = 3650
HIGHEST_ONT_ID = 127
"""A GPON port of SmartAX numbers 128 ONTs; an XGS-PON port takes more, and we do not count on it."""

_NUMBERS = re.compile(r"([0-9]{1,4})-([0-9]{1,4})", re.ASCII)
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Purpose:
    """What pools of one role hand out.

    Attributes:
        space: where its blocks must not overlap.
        smallest: level of the smallest block, which is also the unit that utilisation is counted in.
        largest: level of the largest block.
    """

    space: Space
    smallest: int
    largest: int


PURPOSES: Mapping[Role, Purpose] = {
    Role.FIXED_IPV4: Purpose("ipv4", 0, 0),
    # /30 to /24 (facts: X-5).
    Role.IP_PACK: Purpose("ipv4", 2, 8),
    # /56 (facts: I-4.1).
    Role.IPV6: Purpose("ipv6", 72, 72),
    Role.MANAGEMENT: Purpose("ipv4", 0, 0),
    Role.ONT_ID: Purpose("ont-id", 0, 0),
}


@dataclass(frozen=True, slots=True)
class Pool:
    """Space that blocks are assigned from.

    Attributes:
        first: the first integer of the space, `last` the last: addresses as numbers, or ONT ids.
        reserved: blocks of it that are never assigned.
        quarantine_days: how long a released block rests; None for the setting's default.
        special_purpose: whether space that is not globally reachable is meant (RFC 6890).
    """

    name: str
    purpose: Role
    first: int
    last: int
    reserved: tuple[Block, ...] = ()
    quarantine_days: int | None = None
    special_purpose: bool = False

    @property
    def space(self) -> Space:
        """Where its blocks must not overlap with others."""
        return PURPOSES[self.purpose].space

    @property
    def prefix(self) -> str:
        """The pool as people write it: a prefix, or a range of numbers."""
        return notation(self.space, self.first, self.last)

    def free_blocks(self) -> Iterator[Block]:
        """Yield the blocks that a fresh pool can hand out, as large as they come."""
        smallest = PURPOSES[self.purpose].smallest
        start = self.first
        for block in sorted(self.reserved):
            yield from (each for each in aligned_blocks(start, block.first - 1) if each.level >= smallest)
            start = block.last + 1
        yield from (each for each in aligned_blocks(start, self.last) if each.level >= smallest)


def notation(space: str, first: int, last: int) -> str:
    """Return a block as people write it: `192.0.2.8/29`, `2001:db8::/56`, `5`, `0-127`."""
    if space == "ont-id":
        return str(first) if first == last else f"{first}-{last}"
    length = (last - first + 1).bit_length() - 1
    if space == "ipv4":
        return str(IPv4Network((first, 32 - length)))
    return str(IPv6Network((first, 128 - length)))


def define_pool(
    name: str,
    purpose: str,
    extent: str,
    *,
    reserved: Sequence[str] = (),
    quarantine_days: int | None = None,
    special_purpose: bool = False,
) -> Pool:
    """Return the pool that somebody describes.

    Args:
        extent: a prefix; for ONT ids a range of numbers such as `0-127`.
        reserved: prefixes or addresses inside it that are never assigned.

    Raises:
        UnreadablePool: when a value is malformed.
        PoolRefused: when the pool is understood and must not be: wrong family, too small, special-purpose space.
    """
    if not _NAME.fullmatch(name):
        raise UnreadablePool(
            f"{name!r} is no name for a pool",
            where="name",
            remedy="Use up to 40 letters, digits, dots, dashes and underscores.",
        )
    where = f"pool {name}"
    if purpose not in set(PURPOSES):
        known = ", ".join(PURPOSES)
        raise UnreadablePool(f"there is no purpose {purpose!r}", where=where, remedy=f"One of: {known}.")
    if quarantine_days is not None and not 0 <= quarantine_days <= LONGEST_QUARANTINE_DAYS:
        raise UnreadablePool(
            f"{quarantine_days} is no number of days to rest",
            where=where,
            remedy=f"From 0 to {LONGEST_QUARANTINE_DAYS}.",
        )
    role = Role(purpose)
    first, last = _numbers(extent, where) if role is Role.ONT_ID else _addresses(extent, role, where)
    pool = Pool(name, role, first, last, (), quarantine_days, special_purpose)
    if role is not Role.ONT_ID:
        _judge_special_purpose(ip_network(extent), where, told=special_purpose)
    return Pool(name, role, first, last, _reserved(reserved, pool, where), quarantine_days, special_purpose)


def judge_new(pool: Pool, others: Iterable[Pool]) -> None:
    """Refuse a pool that has the name of another one, or shares addresses with it.

    Raises:
        PoolRefused: naming the other pool.
    """
    for other in others:
        if other.name == pool.name:
            raise PoolRefused(
                f"there is a pool {pool.name} already, {other.prefix}",
                where=f"pool {pool.name}",
                remedy="Choose another name.",
            )
        if other.space == pool.space and pool.first <= other.last and other.first <= pool.last:
            raise PoolRefused(
                f"{pool.prefix} overlaps the pool {other.name} ({other.prefix})",
                where=f"pool {pool.name}",
                remedy="Choose space that no pool has yet: `proviso pool list` shows them.",
            )


def _numbers(extent: str, where: str) -> tuple[int, int]:
    match = _NUMBERS.fullmatch(extent)
    if match is None or not int(match[1]) <= int(match[2]) <= HIGHEST_ONT_ID:
        raise UnreadablePool(
            f"{extent!r} is no range of ONT ids", where=where, remedy="Write it as 0-127; the highest id is 127."
        )
    return int(match[1]), int(match[2])


def _network(written: str, where: str) -> Network:
    try:
        if "%" in written:
            raise ValueError("a prefix has no zone")
        return ip_network(written)
    except ValueError as error:
        raise UnreadablePool(
            f"{written!r} is no prefix: {error}", where=where, remedy="Write it as 192.0.2.0/24 or 2001:db8::/40."
        ) from None


def _addresses(extent: str, role: Role, where: str) -> tuple[int, int]:
    network = _network(extent, where)
    purpose = PURPOSES[role]
    family = {"ipv4": 4, "ipv6": 6}[purpose.space]
    if network.version != family:
        raise PoolRefused(
            f"{network} is IPv{network.version}, and pools for {role} are IPv{family}",
            where=where,
            remedy=f"Give an IPv{family} prefix.",
        )
    if network.num_addresses < 1 << purpose.smallest:
        raise PoolRefused(
            f"{network} is smaller than one block for {role}, a /{network.max_prefixlen - purpose.smallest}",
            where=where,
            remedy="Give a shorter prefix.",
        )
    return int(network.network_address), int(network.broadcast_address)


def _judge_special_purpose(network: Network, where: str, *, told: bool) -> None:
    for row in special_purpose_in(network):
        if not row.usable:
            raise PoolRefused(
                f"{network} touches {row.prefix}, {row.name} ({row.source}), which no line can use",
                where=where,
                remedy="Choose other space.",
            )
        if not told:
            raise PoolRefused(
                f"{network} touches {row.prefix}, {row.name} ({row.source})",
                where=where,
                remedy="If it is meant, say so with --special-purpose, or `special_purpose: true` in pools.yaml.",
            )


def _reserved(written: Sequence[str], pool: Pool, where: str) -> tuple[Block, ...]:
    blocks: list[Block] = []
    for each in written:
        first, last = _reserved_range(each, pool, where)
        if not pool.first <= first <= last <= pool.last:
            raise UnreadablePool(
                f"the reserved {each} is not in {pool.prefix}",
                where=where,
                remedy="Name addresses of the pool itself.",
            )
        blocks.extend(aligned_blocks(first, last))
    blocks.sort()
    if any(left.last >= right.first for left, right in pairwise(blocks)):
        raise UnreadablePool("reserved addresses overlap", where=where, remedy="Name each of them once.")
    return tuple(blocks)


def _reserved_range(written: str, pool: Pool, where: str) -> tuple[int, int]:
    if pool.purpose is Role.ONT_ID:
        return _numbers(written if "-" in written else f"{written}-{written}", where)
    network = _network(written, where)
    if isinstance(network.network_address, IPv4Address) is not (pool.space == "ipv4"):
        raise UnreadablePool(
            f"the reserved {written} is of another family than {pool.prefix}",
            where=where,
            remedy="Name addresses of the pool itself.",
        )
    return int(network.network_address), int(network.broadcast_address)
