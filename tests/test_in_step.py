"""Many are done step by step: each step of all of them before the next one, whoever is done is left alone."""

from collections.abc import Iterator
from functools import partial

from provisioning.workflows.in_step import in_step


def test_each_step_is_done_by_all_before_the_next_one() -> None:
    done: list[tuple[str, int]] = []

    def steps(name: str, number: int) -> Iterator[str | None]:
        for step in range(number):
            done.append((name, step))
            yield None
        yield f"{name} after {number}"

    works = [partial(next, steps(name, number)) for name, number in (("a", 2), ("b", 0), ("c", 3))]
    assert in_step(works) == ["a after 2", "b after 0", "c after 3"]
    assert done == [("a", 0), ("c", 0), ("a", 1), ("c", 1), ("c", 2)]


def test_nothing_comes_of_nothing() -> None:
    assert in_step([]) == []
