"""Bytes from a terminal as keys; whatever comes, something sensible is made of it."""

from dataclasses import dataclass

_ESCAPE = 0x1B


@dataclass(frozen=True, slots=True)
class Pressed:
    """A key, or text that was typed.

    Attributes:
        key: "enter", "erase", "interrupt", "help", or empty for text.
        text: that was typed.
    """

    key: str = ""
    text: str = ""


_NAMED = {0x0D: "enter", 0x0A: "enter", 0x08: "erase", 0x7F: "erase", 0x03: "interrupt", ord("?"): "help"}


class Keys:
    """Reads keys; remembers what was begun and not ended."""

    def __init__(self) -> None:
        self._after_return = False
        self._escape = ""

    def read(self, data: bytes) -> list[Pressed]:
        """Return the keys in some bytes; what no key is made of is left out."""
        found: list[Pressed] = []
        for byte in data:
            # A return and a line feed are one key.
            if byte == 0x0A and self._after_return:
                self._after_return = False
                continue
            self._after_return = byte == 0x0D
            if self._escaped(byte):
                continue
            if byte in _NAMED:
                key = _NAMED[byte]
                found.append(Pressed(key, "?" if key == "help" else ""))
            elif 0x20 <= byte < 0x7F:
                if found and not found[-1].key and byte not in (0x20, ord("q"), ord("Q")):
                    found[-1] = Pressed("", found[-1].text + chr(byte))
                else:
                    found.append(Pressed("", chr(byte)))
        return found

    def _escaped(self, byte: int) -> bool:
        """Return whether a byte belongs to a sequence of a cursor key or the like."""
        if byte == _ESCAPE:
            self._escape = "\x1b"
            return True
        if self._escape == "\x1b":
            self._escape = "[" if byte in b"[O" else ""
            return bool(self._escape)
        if self._escape == "[":
            if 0x40 <= byte <= 0x7E:
                self._escape = ""
            return True
        return False
