"""Which lines of the known hosts are handed to SSH: those that paramiko, of the whole file, would find."""

import os
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from paramiko.hostkeys import HostKeys

from provisioning.devices import known_hosts
from provisioning.devices.known_hosts import known_hosts_about, known_keys
from provisioning.errors import UnreadableProject

REMEDY = "Look at it."
KINDS = ("ssh-ed25519", "ecdsa-sha2-nistp256")
HOSTS = ("LX0101", "10.255.0.1", "olt.example.net", "[olt.example.net]:2222")


def key(kind: str, number: int) -> str:
    """Return a host key in base64; made up, for nothing is signed with it."""
    import base64

    from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, derive_private_key
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    made = (
        Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32)
        if kind == "ssh-ed25519"
        else derive_private_key(number + 1, SECP256R1())
    )
    text = made.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).split()[1]
    assert base64.b64decode(text)
    return text.decode()


KEYS = {(kind, number): key(kind, number) for kind in KINDS for number in range(3)}


def lines() -> st.SearchStrategy[str]:
    name = st.sampled_from(HOSTS) | st.sampled_from(("*.example.net", "!LX0101", "LX01??"))
    hashed = st.sampled_from(HOSTS).map(lambda host: str(HostKeys.hash_host(host)))
    names = st.lists(name, min_size=1, max_size=3).map(",".join) | hashed
    line = st.builds(
        lambda names, key, gap, end: f"{names}{gap}{key[0]}{gap}{KEYS[key]}{end}",
        names,
        st.sampled_from(sorted(KEYS)),
        st.sampled_from((" ", "\t")),
        st.sampled_from(("", " comment", "  ", "\r")),
    )
    return line | st.sampled_from(("", "# LX0101 ssh-ed25519 AAAA", "LX0101 only-two", "LX0101 ssh-foo AAAA"))


@given(text=st.lists(lines(), max_size=12).map("\n".join), host=st.sampled_from(HOSTS))
def test_they_say_what_the_whole_file_says(text: str, host: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.getbasetemp() / "generated"
    path.write_text(text)
    place, _, port = host.strip("[").partition("]:")
    whole = HostKeys(str(path)).lookup(host)
    expected = tuple(f"{each.get_name()} {each.get_base64()}" for each in whole.values()) if whole else ()
    assert known_keys(path, place, int(port or 22), REMEDY) == expected


def test_other_machines_are_left_out_and_whoever_it_may_be_is_not(tmp_path: Path) -> None:
    path = tmp_path / "known_hosts"
    kept = [
        f"LX0101,10.255.0.1 ssh-ed25519 {KEYS['ssh-ed25519', 1]}",
        f"{HostKeys.hash_host('other')} ssh-ed25519 {KEYS['ssh-ed25519', 1]}",
        f"*.example.net ssh-ed25519 {KEYS['ssh-ed25519', 2]}",
    ]
    others = [f"LX0102 ssh-ed25519 {KEYS['ssh-ed25519', 0]}", "damaged ssh-ed25519 A"]
    path.write_text("\n".join((*kept, *others)))
    with known_hosts_about(path, "LX0101", 22, REMEDY) as about:
        assert about.read_text().splitlines() == kept
        assert about.stat().st_mode & 0o777 == 0o600
    assert not about.exists()


def test_a_revoked_key_is_nobodys(tmp_path: Path) -> None:
    path = tmp_path / "known_hosts"
    good, bad = (KEYS["ecdsa-sha2-nistp256", number] for number in (1, 2))
    path.write_text(
        f"LX0101 ecdsa-sha2-nistp256 {bad}\n@revoked * ecdsa-sha2-nistp256 {bad}\n"
        f"@cert-authority * ecdsa-sha2-nistp256 {good}\nLX0102 ecdsa-sha2-nistp256 {good}\n"
    )
    assert known_keys(path, "LX0101", 22, REMEDY) == ()
    assert known_keys(path, "LX0102", 22, REMEDY) == (f"ecdsa-sha2-nistp256 {good}",)


@pytest.mark.parametrize("settled", [True, False])
def test_a_file_that_changes_is_read_again(tmp_path: Path, settled: bool) -> None:
    path = tmp_path / "known_hosts"
    for number in (0, 1, 2, 0):
        wanted = KEYS["ssh-ed25519", number]
        path.write_text(f"LX0101 ssh-ed25519 {wanted}\n")
        if settled:
            long_ago = time.time_ns() - 60_000_000_000 + number
            os.utime(path, ns=(long_ago, long_ago))
        for _ in range(2):
            assert known_keys(path, "LX0101", 22, REMEDY) == (f"ssh-ed25519 {wanted}",)
        assert (path in known_hosts._files) == settled
    other = tmp_path / "other"
    other.write_text("")
    other.replace(path)
    assert known_keys(path, "LX0101", 22, REMEDY) == ()
    path.unlink()
    with pytest.raises(UnreadableProject, match="no such file"):
        known_keys(path, "LX0101", 22, REMEDY)


def test_a_damaged_line_about_the_machine_is_told(tmp_path: Path) -> None:
    path = tmp_path / "known_hosts"
    path.write_text("LX0101 ssh-ed25519 A\n")
    with pytest.raises(UnreadableProject, match="LX0101 is damaged"):
        known_keys(path, "LX0101", 22, REMEDY)
    assert known_keys(path, "LX0102", 22, REMEDY) == ()
