"""Serial numbers of devices, as they stand on their labels."""

import re
from typing import Literal

from provisioning.errors import BadInput

ROUTER_SERIAL = r"^[A-Za-z0-9][A-Za-z0-9._/-]{0,63}$"

# ITU-T G.984.3, 9.2.4.2: four letters of the vendor, four bytes that Huawei shows as hexadecimal.
ONT_SERIAL = re.compile(r"[A-Z]{4}[0-9A-F]{8}", re.ASCII)

SHOWN = 64
"""Characters of what is no serial number that people are shown."""


def need_serial(device: Literal["cpe", "ont"], written: str) -> str:
    """Return a serial number as the store keeps it, in capitals: people type what they read.

    Args:
        device: whose it is.
        written: as somebody typed it.

    Raises:
        BadInput: when no such device has a serial number like that.
    """
    if device == "ont":
        if ONT_SERIAL.fullmatch(written.upper()):
            return written.upper()
        remedy = "Four letters and eight hexadecimal digits, such as HWTC1A2B3C4D: it stands on the label."
        raise BadInput(f"{_quoted(written)} is no ONT serial number", where="option --serial", remedy=remedy)
    if re.fullmatch(ROUTER_SERIAL, written, re.ASCII):
        return written.upper()
    remedy = "At most 64 letters, digits and . _ / -, such as LX0201: it stands on the label."
    raise BadInput(f"{_quoted(written)} is no serial number of a router", where="option --serial", remedy=remedy)


def _quoted(written: str) -> str:
    return f"`{written[:SHOWN]}{'…' if len(written) > SHOWN else ''}`"
