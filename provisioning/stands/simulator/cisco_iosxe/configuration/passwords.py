"""Commands that hold a password or a secret: how the device writes it down."""

from provisioning.stands.simulator.cisco_iosxe.configuration.entry import Answer, Entry, put
from provisioning.stands.simulator.cisco_iosxe.configuration.secrets import is_hash, is_type_7, type_7, type_9
from provisioning.stands.simulator.cisco_iosxe.configuration.statement import Statement, identity

_INVALID_7 = "Invalid encrypted password\n"
_INVALID_HASH = (
    "ERROR: The secret you entered is not a valid encrypted secret.\n"
    "To enter an UNENCRYPTED secret, do not specify type 5 encryption.\n"
)
_ENCRYPTS = ("service password-encryption",)


def kept_password(entry: Entry, kind: str | None, text: str) -> str | None:
    """Return a password with its type as shown, or None when it cannot be one of that type.

    Args:
        entry: of the line: whether passwords are hidden is said at the root.
        kind: type as entered; None when none was.
        text: the password.
    """
    if kind == "7":
        return f"7 {text}" if is_type_7(text) else None
    if kind == "6":
        return f"6 {text}"
    if _ENCRYPTS in entry.root.children:
        return f"7 {type_7(text)}"
    return text


def password(entry: Entry) -> Answer:
    """Set a password of something: the last value of the line."""
    if entry.negative:
        return put(entry)
    kind, text = entry.values.get("type"), entry.values["password"]
    kept = kept_password(entry, kind, text)
    if kept is None:
        return _INVALID_7
    said = entry.reading.text[: -len(text)].rstrip()
    if kind is not None:
        said = said[: -len(kind)].rstrip()
    present = entry.place.children.get(identity(entry.rule, entry.reading))
    if kind is None and present is not None and present.values.get("clear") == text:
        return ""
    return put(
        entry.with_text(f"{said} {kept}", {**entry.values, "kept": kept, "clear": text if kind in (None, "0") else ""})
    )


def kept_secret(kind: str | None, text: str) -> str | None:
    """Return a secret with its type as shown, or None when it cannot be one of that type."""
    if kind in (None, "0"):
        return f"9 {type_9(text)}"
    return f"{kind} {text}" if is_hash(kind, text) else None


def secret(entry: Entry) -> Answer:
    """Set the `enable` secret."""
    if entry.negative:
        return put(entry)
    kept = kept_secret(entry.values.get("type"), entry.values["secret"])
    if kept is None:
        return _INVALID_HASH
    return put(entry.with_text(f"enable secret {kept}", {"kept": kept}))


def username(entry: Entry) -> Answer:
    """Make an account, or change what is said of it: what is not named stays."""
    key = identity(entry.rule, entry.reading)
    name = entry.values["name"]
    if entry.negative:
        for each in tuple(entry.place.children.values()):
            if each.name.startswith("username") and each.values.get("name") == name:
                del entry.place.children[each.key]
        return ""
    present = entry.place.children.get(key)
    values = dict(present.values) if present is not None else {}
    if "privilege" in entry.values:
        values["privilege"] = entry.values["privilege"]
    if " nopassword" in entry.reading.text:
        values["kept"] = "nopassword"
    if "secret" in entry.values:
        kept = kept_secret(entry.values.get("type"), entry.values["secret"])
        if kept is None:
            return _INVALID_HASH
        values["kept"] = f"secret {kept}"
    if "password" in entry.values:
        kept = kept_password(entry, entry.values.get("password_type"), entry.values["password"])
        if kept is None:
            return _INVALID_7
        values["kept"] = f"password {kept if kept[:2] in ('7 ', '6 ') else f'0 {kept}'}"
    values["name"] = name
    level = values.get("privilege", "1")
    parts = ["username", name, f"privilege {level}" if level != "1" else "", values.get("kept", "")]
    text = " ".join(each for each in parts if each)
    entry.place.children[key] = Statement(entry.rule, key, text, values)
    return ""


def community(entry: Entry) -> Answer:
    """Set an SNMP community; read-only is the default and is shown in capitals."""
    if entry.negative:
        return put(entry)
    words = entry.reading.text.split(" ")
    shown = [{"ro": "RO", "rw": "RW"}.get(each, each) if index > 2 else each for index, each in enumerate(words)]
    if "RO" not in shown and "RW" not in shown:
        shown.insert(3, "RO")
    return put(entry.with_text(" ".join(shown), entry.values))
