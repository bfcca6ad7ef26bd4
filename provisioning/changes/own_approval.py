"""Tells whether an approval is that of whoever asked for the change himself: four eyes see more than two."""

import re
import unicodedata
from collections.abc import Collection

_SUDO = re.compile(r"\bas (\S+)")


def accounts_of(name: str, origin: str) -> tuple[str, ...]:
    """Return the accounts behind whoever acted: his own, and the one that he came from by sudo.

    Args:
        name: of the account.
        origin: from where, as the audit has it.
    """
    return tuple(dict.fromkeys((name, *_SUDO.findall(origin))))


def own_name(names: Collection[str], *, accounts: Collection[str], requester: str) -> str:
    """Return which of a signer's names is that of whoever asked; empty when none is.

    An account is a name without its domain: `jan` and `Jan@isp.example` are the same. A requester is known by his
    whole address, since others may have the same name elsewhere.

    Args:
        names: every name that the signer has.
        accounts: of whoever submitted the request.
        requester: e-mail of the representative who asks.
    """
    theirs = {_local(each) for each in accounts} - {""}
    asked = _plain(requester)
    return next((each for each in names if _local(each) in theirs or _plain(each) == asked), "")


def _plain(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold().strip()


def _local(name: str) -> str:
    """Return a name without its domain, before it or behind it, and without what mail passes over (`+…`)."""
    return _plain(name).rpartition("\\")[2].partition("@")[0].partition("+")[0]
