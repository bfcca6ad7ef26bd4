"""Reads and writes what SNMP is written in: the basic encoding rules (X.690), as far as RFC 3417 needs them."""

INTEGER, OCTETS, NULL, OID, SEQUENCE = 0x02, 0x04, 0x05, 0x06, 0x30
COUNTER, TICKS = 0x41, 0x43
NO_SUCH_OBJECT, NO_SUCH_INSTANCE, END_OF_VIEW = 0x80, 0x81, 0x82


class Malformed(ValueError):
    """Bytes that are no such thing."""


def written(tag: int, *parts: bytes) -> bytes:
    """Return a value with its tag and length."""
    content = b"".join(parts)
    if len(content) < 0x80:
        return bytes([tag, len(content)]) + content
    length = len(content).to_bytes((len(content).bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + content


def integer(value: int, tag: int = INTEGER) -> bytes:
    """Return a whole number."""
    return written(tag, value.to_bytes(value.bit_length() // 8 + 1, "big", signed=True))


def oid(numbers: tuple[int, ...]) -> bytes:
    """Return an object identifier."""
    encoded = bytearray([numbers[0] * 40 + numbers[1]])
    for number in numbers[2:]:
        groups = [number & 0x7F]
        while number := number >> 7:
            groups.append(0x80 | (number & 0x7F))
        encoded += bytes(reversed(groups))
    return written(OID, bytes(encoded))


def read(data: bytes, at: int = 0) -> tuple[int, bytes, int]:
    """Return the tag and the content of a value, and where the next one begins.

    Raises:
        Malformed: when it is none.
    """
    if at + 2 > len(data):
        raise Malformed("too short")
    tag, length, start = data[at], data[at + 1], at + 2
    if length & 0x80:
        count = length & 0x7F
        length, start = int.from_bytes(data[start : start + count], "big"), start + count
    if start + length > len(data):
        raise Malformed("too short")
    return tag, data[start : start + length], start + length


def parts(content: bytes) -> list[tuple[int, bytes]]:
    """Return the tags and contents of all values in a sequence."""
    found, at = [], 0
    while at < len(content):
        tag, value, at = read(content, at)
        found.append((tag, value))
    return found


def number(content: bytes) -> int:
    """Return the whole number that a content stands for."""
    return int.from_bytes(content, "big", signed=True)


def numbers(content: bytes) -> tuple[int, ...]:
    """Return the object identifier that a content stands for."""
    if not content:
        raise Malformed("no object identifier")
    found, held = [content[0] // 40, content[0] % 40], 0
    for byte in content[1:]:
        held = held << 7 | byte & 0x7F
        if not byte & 0x80:
            found.append(held)
            held = 0
    return tuple(found)
