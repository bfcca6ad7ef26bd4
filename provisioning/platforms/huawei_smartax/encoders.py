"""How values become words of the OLT's command line. What cannot be a word there is refused, never mended.

The command line ends a command at a line break, takes `?` for a question even in the middle of a word, and has no way
to write a quotation mark inside quotation marks: so only characters that mean nothing to it are let through.
"""

import re

from provisioning.errors import CannotEncode

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,31}", re.ASCII)
_TEXT = re.compile(r"[A-Za-z0-9 ._:/@+=,#()-]{0,64}", re.ASCII)
_PORT = re.compile(r"(?P<frame>\d{1,2})/(?P<slot>\d{1,2})/(?P<port>\d{1,3})", re.ASCII)
_SERIAL = re.compile(r"(?P<vendor>[A-Z0-9]{4})(?P<number>[0-9A-F]{8})", re.ASCII)
_HEX_SERIAL = re.compile(r"[0-9A-F]{16}", re.ASCII)


def name(value: str) -> str:
    """Return the name of a profile or traffic table: letters, digits, `.`, `_` and `-`, 32 at most.

    Raises:
        CannotEncode: for anything else.
    """
    return _whole(_NAME, value, "name")


def quoted(value: str) -> str:
    """Return a text of 64 characters at most between quotation marks, as a description stands.

    Raises:
        CannotEncode: for a text with characters that mean something to the command line.
    """
    return f'"{_whole(_TEXT, value, "text")}"'


def number(value: int, low: int, high: int) -> str:
    """Return a whole number, both ends of its range included.

    Raises:
        CannotEncode: outside it.
    """
    if not low <= value <= high:
        raise CannotEncode(f"{value} is not from {low} to {high}", remedy="Check the order form and the inventory.")
    return str(value)


def vlan(value: int) -> str:
    """Return a VLAN id (IEEE 802.1Q: 1 to 4094)."""
    return number(value, 1, 4094)


def ont_id(value: int) -> str:
    """Return an ONT's number on its port; XGS-PON boards have up to 256, GPON boards 128."""
    return number(value, 0, 255)


def port(value: str) -> tuple[str, str, str]:
    """Return frame, slot and port of `0/1/3`.

    Raises:
        CannotEncode: when it is not written so.
    """
    found = _PORT.fullmatch(value)
    if found is None:
        raise CannotEncode(f"{value!r} is no port of an OLT", remedy="Write frame/slot/port, as `0/1/3`.")
    return str(int(found["frame"])), str(int(found["slot"])), str(int(found["port"]))


def serial_digits(serial: str) -> str:
    """Return a serial as the OLT keeps it: 16 hexadecimal digits, the vendor id first (ITU-T G.984.3, 9.2.4.1).

    Raises:
        CannotEncode: when it is no serial of an ONT.
    """
    if _HEX_SERIAL.fullmatch(serial):
        return serial
    found = _SERIAL.fullmatch(serial)
    if found is None:
        raise CannotEncode(
            f"{serial!r} is no serial of an ONT", remedy="Four letters and eight hexadecimal digits, in capitals."
        )
    return found["vendor"].encode("ascii").hex().upper() + found["number"]


def serial_text(digits: str) -> str:
    """Return a serial as people and order forms write it, from 16 hexadecimal digits.

    A vendor id that is no text stays in digits.

    Raises:
        CannotEncode: when these are not 16 hexadecimal digits.
    """
    digits = _whole(_HEX_SERIAL, digits.upper(), "serial")
    vendor = bytes.fromhex(digits[:8])
    readable = vendor.isalnum() and vendor == vendor.upper()
    return vendor.decode("ascii") + digits[8:] if readable else digits


def _whole(pattern: re.Pattern[str], value: str, what: str) -> str:
    if not pattern.fullmatch(value):
        raise CannotEncode(
            f"{value[:80]!r} cannot be a {what} on an OLT",
            remedy="Plain letters, digits and a few signs, and not as long.",
        )
    return value
