"""Serial numbers of ONTs, in the two ways that an OLT writes them."""


def canonical(written: str) -> str:
    """Return a serial number as vendor and eight digits, or 16 digits where the vendor is no text."""
    text = written.replace("-", "").upper()
    if len(text) != 16:
        return text
    vendor = bytes.fromhex(text[:8])
    return vendor.decode("ascii") + text[8:] if vendor.isalnum() and vendor.isascii() else text


def digits(serial: str) -> str:
    """Return a serial number as the 16 digits that tables show."""
    return serial if len(serial) == 16 else serial[:4].encode("ascii").hex().upper() + serial[4:]


def both(serial: str) -> str:
    """Return a serial number as details show it: 48575443… (HWTC-…)."""
    return serial if len(serial) == 16 else f"{digits(serial)} ({serial[:4]}-{serial[4:]})"
