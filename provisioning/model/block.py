"""Aligned blocks of addresses or numbers, and the buddy that each has.

A block of level n holds 2**n consecutive integers and starts at a multiple of its size. Two buddies make one block of
the next level; this is how released space grows together again (Knowlton, "A fast storage allocator", 1965).
"""

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Block:
    """`2**level` integers from `first` on."""

    first: int
    level: int

    def __post_init__(self) -> None:
        if self.first % self.size:
            raise ValueError(f"a block of {self.size} does not start at {self.first}")

    @property
    def size(self) -> int:
        """How many integers the block holds."""
        return 1 << self.level

    @property
    def last(self) -> int:
        """The last integer of the block."""
        return self.first + self.size - 1

    @property
    def buddy(self) -> "Block":
        """The block of the same size that makes the next larger one together with this."""
        return Block(self.first ^ self.size, self.level)

    @property
    def parent(self) -> "Block":
        """The block that this one and its buddy make."""
        return Block(self.first & ~self.size, self.level + 1)

    def is_inside(self, other: "Block") -> bool:
        """Return whether all of this block is in the other."""
        return other.first <= self.first and self.last <= other.last

    def halves_down_to(self, level: int) -> Iterator["Block"]:
        """Yield the upper halves that remain when the start of this block is cut down to `level`."""
        for each in range(self.level - 1, level - 1, -1):
            yield Block(self.first + (1 << each), each)


def level_of(size: int) -> int:
    """Return the level of a block of `size`.

    Raises:
        ValueError: when the size is no power of two.
    """
    if size < 1 or size & (size - 1):
        raise ValueError(f"{size} is no power of two")
    return size.bit_length() - 1


def aligned_blocks(first: int, last: int) -> Iterator[Block]:
    """Yield the fewest aligned blocks that make up `first` to `last`, both included."""
    while first <= last:
        alignment = (first & -first).bit_length() - 1 if first else (last - first + 1).bit_length() - 1
        level = min(alignment, (last - first + 1).bit_length() - 1)
        yield Block(first, level)
        first += 1 << level
