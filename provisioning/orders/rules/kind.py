"""What each kind of order must and must not name (docs/order-form.md)."""

from collections.abc import Iterator

from provisioning.model.finding import Finding
from provisioning.orders import codes
from provisioning.orders.case import Case, Rule

_ALWAYS = {"schema", "order", "kind", "line"}


def line_is_named(case: Case) -> Iterator[Finding]:
    """A change, move or cease is for one line; a new order gets its line on acceptance."""
    kind = case.form.kind
    if kind != "new" and case.form.line is None:
        yield codes.LINE_MISSING.at(
            "line", f"A {kind} needs the line it is for.", "Add `line: L-…`; `proviso line list` shows the lines."
        )
    if kind == "new" and case.form.line is not None:
        yield codes.LINE_ON_NEW.at(
            "line",
            "A new order has no line yet.",
            "Leave `line` out, or write `kind: change` if the line exists.",
        )


_NEEDED: tuple[tuple[str, ...], ...] = (
    ("customer",),
    ("customer", "name"),
    ("site",),
    ("site", "address"),
    ("formula",),
    ("options", "ip_pack", "addresses"),
    ("options", "rush", "rfs"),
    ("line_speed", "down"),
    ("line_speed", "up"),
    ("wifi", "enabled"),
    ("cpe", "platform"),
    ("cpe", "serial"),
    ("ont", "serial"),
    ("ont", "olt"),
    ("ont", "port"),
)
"""What a whole form needs: a key of the form, or a key inside a block that the form has."""


def whole_is_complete(case: Case) -> Iterator[Finding]:
    """A new order, or the whole that a change makes of a line, has every key that it needs (facts: I-7.1)."""
    if not case.whole:
        return
    for *blocks, key in _NEEDED:
        holder: object = case.form
        for block in blocks:
            holder = getattr(holder, block, None)
        if holder is not None and getattr(holder, key) is None:
            where = ".".join((*blocks, key))
            yield codes.KEY_MISSING.at(where, f"The order needs `{where}`.", f"Add `{where}` to the form.")


def change_names_something(case: Case) -> Iterator[Finding]:
    """A change names what changes; another site is a move."""
    if case.form.kind != "change" or case.whole:
        return
    stated = {"schema" if key == "schema_version" else key for key in case.form.model_fields_set}
    if not stated - _ALWAYS:
        yield codes.CHANGE_NAMES_NOTHING.at(
            "", "The change names nothing to change.", "Add what changes, or withdraw the order."
        )
    site = case.form.site
    if "site" in stated and (site is None or site.address is not None):
        yield codes.SITE_IN_CHANGE.at("site.address", "Another site is a move.", "Write `kind: move`.")


def move_names_site(case: Case) -> Iterator[Finding]:
    """A move says where to."""
    if case.form.kind != "move" or case.whole:
        return
    if case.form.site is None or case.form.site.address is None:
        yield codes.KEY_MISSING.at("site.address", "A move needs the new address.", "Add `site.address` to the form.")


def cease_names_only_line(case: Case) -> Iterator[Finding]:
    """A cease ends the line as it is."""
    if case.form.kind != "cease":
        return
    for key in sorted(case.form.named - _ALWAYS):
        yield codes.CEASE_NAMES_MORE.at(
            key, f"A cease does not take `{key}`.", "Name only `order`, `kind` and `line`."
        )


RULES: tuple[Rule, ...] = (
    line_is_named,
    whole_is_complete,
    change_names_something,
    move_names_site,
    cease_names_only_line,
)
