"""Values of ours as JSON knows values."""

from dataclasses import fields, is_dataclass
from datetime import date, datetime, time
from enum import Enum
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


def plain_fields(value: "DataclassInstance") -> dict[str, object]:
    """Return the fields of a value, by name; one whose metadata has `told` is told by the attribute of that name."""
    names = [str(field.metadata.get("told", field.name)) for field in fields(value)]
    return {name: plain(getattr(value, name)) for name in names}


def plain(value: object) -> object:
    """Return a value of ours as JSON knows values: dataclasses by field, addresses and moments as text."""
    if is_dataclass(value) and not isinstance(value, type):
        return plain_fields(value)
    match value:
        case Enum():
            return value.value
        case datetime():
            return value.isoformat(timespec="seconds").replace("+00:00", "Z")
        case time():
            return value.isoformat(timespec="minutes")
        case date() | IPv4Address() | IPv4Network() | IPv6Address() | IPv6Network():
            return str(value)
        case dict():
            return {str(key): plain(each) for key, each in value.items()}
        case list() | tuple() | set() | frozenset():
            return [plain(each) for each in value]
        case _:
            return value
