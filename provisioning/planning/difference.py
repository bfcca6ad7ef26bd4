"""How documents differ, for people: unified diffs of masked text."""

import difflib
from collections.abc import Iterator, Mapping, Sequence

from provisioning.model.change import Difference


def differences(
    names: Sequence[str],
    before: Mapping[str, str],
    after: Mapping[str, str],
    shown_before: Mapping[str, str],
    shown_after: Mapping[str, str],
    states: tuple[str, str] = ("in force", "wanted"),
) -> Iterator[Difference]:
    """Yield how documents differ, in the order of `names`.

    Args:
        before: whole texts by name, secrets included; compared and never shown.
        after: likewise.
        shown_before: the same texts as people may see them.
        shown_after: likewise.
        states: how the two are called in the heads of the diffs.
    """
    for name in names:
        if before.get(name) == after.get(name):
            continue
        old, new = shown_before.get(name), shown_after.get(name)
        yield Difference(name, _unified(name, old, new, states), secret=old == new)


def _unified(name: str, before: str | None, after: str | None, states: tuple[str, str]) -> str:
    lines = difflib.unified_diff(
        (before or "").splitlines(),
        (after or "").splitlines(),
        f"{name} {states[0]}" if before is not None else "no document",
        f"{name} {states[1]}" if after is not None else "no document",
        lineterm="",
        n=2,
    )
    return "\n".join(lines)
