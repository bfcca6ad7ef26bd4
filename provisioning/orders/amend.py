"""Works a change into a line's form: the change is a merge patch (RFC 7396), null takes a key away."""

import hashlib
import json
from collections.abc import Mapping
from typing import Literal

from provisioning.orders import document, read
from provisioning.orders.form import OrderForm

_OF_THE_ORDER = ("schema", "order", "kind", "line")
_OF_THE_MOMENT = (("options", "rush"),)
"""What an order asks once and a line does not keep (facts: I-7.3: only before activation)."""


def plain(form: OrderForm) -> dict[str, object]:
    """Return what a form states, and only that, as plain data."""
    return form.model_dump(mode="json", by_alias=True, exclude_unset=True)


def digest(form: OrderForm) -> str:
    """Return a digest of the form's content that does not depend on its file format or the order of its keys."""
    content = {"schema": form.schema_version, "kind": form.kind, **plain(form)}
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def amend(line_form: Mapping[str, object], change: OrderForm) -> OrderForm:
    """Return the whole that a change or move makes of a line.

    Args:
        line_form: the line's form, in plain data.
        change: what is to be different.

    Raises:
        UnreadableForm: when the two together are no form, such as a key that the change takes away and the form needs.
    """
    # What was studied at the old site says nothing of the new one (facts: I-6.4).
    left_behind = ("site",) if change.kind == "move" else ()
    base: object = {key: value for key, value in line_form.items() if key not in (*_OF_THE_ORDER, *left_behind)}
    if _asks_for_a_larger_pack(line_form, change):
        # The papers on record are those of the smaller pack (facts: I-4.4, X-5).
        base = _merge_patch(base, {"options": {"ip_pack": {"assessment": None, "ripe_488": None}}})
    merged = _merge_patch(base, plain(change))
    return read.form_of(document.Document(document.checked(merged), f"order {change.order}, worked into its line"))


def stored(line_form: Mapping[str, object], line: str) -> OrderForm:
    """Return the form that a line keeps.

    Raises:
        UnreadableForm: when this version cannot read what an earlier one kept.
    """
    return read.form_of(document.Document(document.checked(dict(line_form)), f"form of line {line}"))


def with_serial(line_form: Mapping[str, object], device: Literal["cpe", "ont"], serial: str) -> dict[str, object]:
    """Return the form that a line keeps, with another device of that kind; one that it has not stays absent."""
    block = line_form.get(device)
    return {**line_form, device: {**block, "serial": serial}} if isinstance(block, dict) else dict(line_form)


def lasting(form: OrderForm) -> dict[str, object]:
    """Return the plain data of a form that its line keeps."""
    data = plain(form)
    for block, key in _OF_THE_MOMENT:
        inner = data.get(block)
        if isinstance(inner, dict):
            data[block] = {name: value for name, value in inner.items() if name != key}
    return data


def _asks_for_a_larger_pack(base: Mapping[str, object], change: OrderForm) -> bool:
    wanted = change.options.ip_pack.addresses if change.options and change.options.ip_pack else None
    options = base.get("options")
    pack = options.get("ip_pack") if isinstance(options, dict) else None
    present = pack.get("addresses") if isinstance(pack, dict) else None
    return wanted is not None and isinstance(present, int) and wanted > present


def _merge_patch(target: object, patch: object) -> object:
    if not isinstance(patch, dict):
        return patch
    result = dict(target) if isinstance(target, dict) else {}
    for key, value in patch.items():
        if value is None:
            result.pop(key, None)
        else:
            result[key] = _merge_patch(result.get(key), value)
    return result
