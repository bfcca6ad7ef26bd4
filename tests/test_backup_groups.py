"""What is kept in groups is found as what is kept alone; what was made quicker says what the plain way says."""

import gzip
import io
import json
import re
import tarfile
from dataclasses import asdict, replace
from datetime import timedelta
from pathlib import Path

import pytest
from backup_versions import NOON, nights, version
from hypothesis import given, settings
from hypothesis import strategies as st

from provisioning.backup_store.journal import portions
from provisioning.backup_store.notation import write_version
from provisioning.backup_store.recipients import Recipient, write_recipients
from provisioning.backup_store.sealing import packed
from provisioning.backup_store.store import BackupStore
from provisioning.backups import suspicious
from provisioning.backups.suspicious import Suspicion, suspicious_lines
from provisioning.model.backup import BackupCause, BackupVersion
from provisioning.platforms.backup_readers import is_public, reader_of
from provisioning.platforms.cisco_iosxe.parsing.snmp_users import USERS, _user, shown_users
from provisioning.platforms.cisco_iosxe.parsing.tables import rows
from provisioning.platforms.cisco_iosxe.volatile import without_volatile
from provisioning.platforms.spans import MASKED, folded

KEY = "age1rqflvseu3dvplgcgrqutkraqwmevgfrazxvq4yfkujs9k7hnm39q4yuguy"


@pytest.fixture
def store(tmp_path: Path) -> BackupStore:
    store = BackupStore(tmp_path / "backups")
    write_recipients(store.folder, [Recipient(KEY)])
    return store


# --- groups --------------------------------------------------------------------------------------------------------


def test_what_is_kept_together_is_found_line_by_line(store: BackupStore) -> None:
    tricky = 'banner "line": "L-3"\nend\n'
    group = [version("L-1"), version("L-2", text=tricky), version("L-3"), version("L-33")]
    kept = store.keep_all(group)
    assert len(store.journal.files()) == 1
    for committed in (False, True):
        fresh = BackupStore(store.folder)
        assert fresh.lines() == ("L-1", "L-2", "L-3", "L-33")
        assert [fresh.versions(each.line) for each in kept] == [(each,) for each in kept]
        assert fresh.masked(kept[1]) == {"running-config": tricky}
        assert fresh.latest(["L-3", "L-2"]) == {"L-3": kept[2], "L-2": kept[1]}
        assert fresh.versions("L-4") == ()
        if not committed:
            store.commit("all of them")
    assert store.journal.files() == []
    assert store.keep_all([]) == ()


def test_groups_and_single_ones_are_committed_in_portions(store: BackupStore) -> None:
    for night in nights(3):
        store.keep_all([version(f"L-{number}", night) for number in range(1, 5)])
        store.keep(version("L-9", night))
    files = store.journal.files()
    found = [[path.name for path in portion] for portion in portions(files, 6)]
    assert [name for portion in found for name in portion] == [path.name for path in files]
    assert [len(portion) for portion in found] == [1, 1, 3, 1]
    assert [len(portion) for portion in portions(files, 1)] == [1] * 6
    store.commit("all")
    assert len(list(store.every_version())) == 15


# --- as the plain way ----------------------------------------------------------------------------------------------

WORDS = (
    *(
        "hostname",
        "password",
        "key",
        "7",
        "-u",
        "user:pw",
        "description",
        "remark",
        "!",
        "banner motd ^C",
        "^C",
        MASKED,
    ),
    *("hunter2", "Zq7vTnn2wXkA9bC3dE", "8f14e45fceea167a5a36dedd4bea2543", "https://a:b@c/", "<secret:0123456789ab>"),
    *("snmp-server user a b v3 auth sha", "createuser", "0812345678AB", "-----BEGIN RSA PRIVATE KEY-----", "permit 5"),
    *("crypto pki certificate chain X", "token is", "\u0130\u017f\u212aey", "community", "wpa-psk ascii 0", ":", "="),
)
LINES = st.lists(st.sampled_from(WORDS), max_size=5).map(" ".join)
TEXTS = st.lists(st.one_of(LINES, LINES.map(" {}".format)), max_size=12).map("\n".join)


def slowly(platform: str, name: str, masked: str) -> tuple[Suspicion, ...]:
    """Look at every line, whatever it says."""
    text = suspicious._PLACEHOLDER.sub(MASKED, masked)
    low, found, start = folded(text), [], 0
    for number, line in enumerate(text.split("\n"), 1):
        span = (start, start + len(line))
        start = span[1] + 1
        for_people = reader_of(platform).is_for_people(name, low, span)
        if not is_public(platform, name, low, span) and (
            word := suspicious._looks_secret(line, low[slice(*span)], for_people=for_people)
        ):
            found.append(Suspicion(name, number, word))
    return tuple(found)


@given(st.lists(TEXTS, max_size=4))
def test_what_was_harmless_before_hides_nothing(texts: list[str]) -> None:
    for platform, name in (("cisco_iosxe", "running-config"), ("linux_cpe", "frr.conf")):
        for text in texts:
            assert suspicious_lines(platform, name, text) == slowly(platform, name, text)


def test_what_is_remembered_has_an_end() -> None:
    for number in range(0, 3 * suspicious.MOST_REMEMBERED, 5000):
        text = "\n".join(f"interface Loopback{each}" for each in range(number, number + 5000))
        assert suspicious_lines("cisco_iosxe", "running-config", text) == ()
        assert len(suspicious._harmless) <= suspicious.MOST_REMEMBERED + 5000
    assert not [each for each in suspicious._harmless if "hunter" in each]


PLAIN_VOLATILE = re.compile(
    r"^(?:! (?:Last configuration change at|NVRAM config last updated at|No configuration change since last restart)"
    r"|Building configuration\.\.\.|Current configuration : \d+ bytes|ntp clock-period \d+).*\n",
    re.MULTILINE,
)
VOLATILE = (
    *("! Last configuration change at 12:00", " ! Last configuration change at 12:00", "Building configuration..."),
    *("Current configuration : 17 bytes", "Current configuration : x", "ntp clock-period 17", "!", "", "hostname a"),
    *("x ntp clock-period 17", "! NVRAM config last updated at", "! No configuration change since last restart"),
)


@given(st.lists(st.sampled_from(VOLATILE)).map("\n".join), st.sampled_from(["", "\n"]))
def test_volatile_lines_go_as_one_expression_takes_them_out(text: str, end: str) -> None:
    assert without_volatile("running-config", text + end) == PLAIN_VOLATILE.sub("", text + end)


USER = """User name: {name}
Engine ID: 800000090300AABBCCDDEEFF
storage-type: nonvolatile{space}active{access}
Authentication Protocol: {auth}
Privacy Protocol: {priv}
Group-name: {group}
"""
USERS_SHOWN = st.builds(
    USER.format,
    name=st.sampled_from(["a", "b-c", "d"]),
    space=st.sampled_from([" ", "        "]),
    access=st.sampled_from(["", "\taccess-list: X", " access-list: 7 IPv6 y"]),
    auth=st.sampled_from(["SHA", "MD5", "None"]),
    priv=st.sampled_from(["AES128", "3DES", "None"]),
    group=st.sampled_from(["g", "h"]),
)
REST = st.sampled_from(["", "\n", "\n\n", "Load for five secs: 1%\n", "Time source is NTP\n", "% odd\n"])


@settings(deadline=None)  # the parser is made at the first of them
@given(st.lists(st.tuples(REST, USERS_SHOWN, REST), max_size=3))
def test_snmp_users_are_read_as_the_template_reads_them(parts: list[tuple[str, str, str]]) -> None:
    text = "".join(map("".join, parts))
    try:
        expected = tuple(sorted(map(_user, rows(USERS, text)), key=lambda user: user.name))
    except ValueError:
        with pytest.raises(ValueError, match="not known"):
            shown_users(text)
        return
    assert shown_users(text) == expected


NAMES = st.text(st.characters(codec="utf-8"), max_size=20)


@given(st.dictionaries(NAMES, NAMES, max_size=3), st.lists(NAMES, max_size=3))
def test_metadata_is_written_as_json_writes_it(withheld: dict[str, str], items: list[str]) -> None:
    kept = BackupVersion(
        id="20261123T110000Z",
        line="L-1",
        serial="FGL1",
        platform="cisco_iosxe",
        taken_at=NOON + timedelta(1),
        cause=BackupCause.ASKED,
        documents=("running-config",),
        withheld=withheld,
        fingerprint="00",
        size=7,
        sealed_digest="00",
        recipients=(KEY,),
        items=tuple(items),
    )
    for each in (kept, replace(kept, items=(), documents=())):
        plain = asdict(each) | {"format": 1, "taken_at": each.taken_at.isoformat(), "cause": each.cause.value}
        assert write_version(each) == (json.dumps(plain, indent=1, sort_keys=True) + "\n").encode()


@given(st.dictionaries(st.text("abcdef-.\u00e9", min_size=1, max_size=120), st.text(max_size=900), max_size=4))
def test_an_archive_is_what_tarfile_writes(documents: dict[str, str]) -> None:
    try:
        octets = {name: text.encode("utf-8", "surrogateescape") for name, text in documents.items()}
    except UnicodeEncodeError:
        return
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for name, data in sorted(octets.items()):
            member = tarfile.TarInfo(name)
            member.size, member.mode = len(data), 0o600
            archive.addfile(member, io.BytesIO(data))
    assert gzip.decompress(packed(documents)) == raw.getvalue()
