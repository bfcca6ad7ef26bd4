"""The arithmetic of aligned blocks, up to the whole of IPv6."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioning.model.block import Block, aligned_blocks, level_of

SMALL_SPACE = 1 << 10
WHOLE_OF_IPV6 = 1 << 128


@st.composite
def blocks(draw: st.DrawFn, *, highest: int = 127) -> Block:
    level = draw(st.integers(0, highest))
    return Block(draw(st.integers(0, (WHOLE_OF_IPV6 >> level) - 1)) << level, level)


def spans(end: int) -> st.SearchStrategy[tuple[int, int]]:
    return st.tuples(st.integers(0, end - 1), st.integers(0, end - 1)).map(lambda ends: (min(ends), max(ends)))


@given(blocks())
def test_a_block_is_as_large_as_its_level_says(block: Block) -> None:
    assert block.size == 2**block.level
    assert block.last - block.first + 1 == block.size


@given(blocks())
def test_buddies_know_each_other_and_make_their_parent(block: Block) -> None:
    assert block.buddy.buddy == block
    assert block.buddy.parent == block.parent
    lower, upper = sorted([block, block.buddy])
    assert lower.last + 1 == upper.first
    assert (block.parent.first, block.parent.last) == (lower.first, upper.last)


@given(blocks(), st.data())
def test_what_is_cut_away_and_what_is_kept_make_the_block(block: Block, data: st.DataObject) -> None:
    level = data.draw(st.integers(0, block.level))
    pieces = [Block(block.first, level), *sorted(block.halves_down_to(level))]
    assert pieces[0].first == block.first
    assert all(left.last + 1 == right.first for left, right in pairwise(pieces))
    assert pieces[-1].last == block.last
    assert [piece.level for piece in pieces[1:]] == list(range(level, block.level))


@given(blocks(highest=126))
def test_nothing_is_cut_away_at_its_own_level_or_above(block: Block) -> None:
    assert not list(block.halves_down_to(block.level))
    assert not list(block.halves_down_to(block.level + 1))


@given(blocks(), st.data())
def test_cut_pieces_grow_together_again(block: Block, data: st.DataObject) -> None:
    grown = Block(block.first, data.draw(st.integers(0, block.level)))
    free = set(block.halves_down_to(grown.level))
    while grown.buddy in free:
        free.remove(grown.buddy)
        grown = grown.parent
    assert grown == block
    assert not free


@given(st.integers(1, 127), st.integers(0, WHOLE_OF_IPV6 - 1))
def test_a_block_starts_at_a_multiple_of_its_size(level: int, first: int) -> None:
    aligned = first >> level << level
    assert Block(aligned, level).first == aligned
    with pytest.raises(ValueError, match="does not start at"):
        Block(aligned + 1, level)


@given(spans(WHOLE_OF_IPV6))
def test_a_span_is_covered_exactly(span: tuple[int, int]) -> None:
    pieces = list(aligned_blocks(*span))
    assert pieces[0].first == span[0]
    assert pieces[-1].last == span[1]
    assert all(left.last + 1 == right.first for left, right in pairwise(pieces))


@given(spans(WHOLE_OF_IPV6))
def test_a_span_is_covered_without_two_buddies(span: tuple[int, int]) -> None:
    pieces = set(aligned_blocks(*span))
    assert not [piece for piece in pieces if piece.buddy in pieces]


@given(spans(SMALL_SPACE))
def test_a_span_is_covered_with_the_fewest_blocks(span: tuple[int, int]) -> None:
    first, last = span
    fewest = [0] * (last - first + 2)
    for length in range(1, len(fewest)):
        end = first + length
        fitting = (1 << level for level in range(11) if (1 << level) <= length and end % (1 << level) == 0)
        fewest[length] = 1 + min(fewest[length - size] for size in fitting)
    assert len(list(aligned_blocks(first, last))) == fewest[-1]


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (0, 0, [Block(0, 0)]),
        (0, 255, [Block(0, 8)]),
        (0, 127, [Block(0, 7)]),
        (5, 6, [Block(5, 0), Block(6, 0)]),
        (0, WHOLE_OF_IPV6 - 1, [Block(0, 128)]),
        (WHOLE_OF_IPV6 - 1, WHOLE_OF_IPV6 - 1, [Block(WHOLE_OF_IPV6 - 1, 0)]),
        (7, 6, []),
    ],
)
def test_spans_at_the_edges(first: int, last: int, expected: list[Block]) -> None:
    assert list(aligned_blocks(first, last)) == expected


@given(st.integers(0, 128))
def test_powers_of_two_have_a_level(level: int) -> None:
    assert level_of(1 << level) == level


@given(st.integers(-(1 << 64), 1 << 64).filter(lambda size: size.bit_count() != 1 or size < 0))
def test_nothing_else_has_a_level(size: int) -> None:
    with pytest.raises(ValueError, match="power of two"):
        level_of(size)
