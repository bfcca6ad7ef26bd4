"""Secrets of lines: encrypted before they touch the disk, and only with the identity to be had again."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioning.errors import EnvironmentTrouble
from provisioning.model.secret import Secret
from provisioning.secrets.generate import ALPHABET, generate_secret
from provisioning.secrets.vault import FILE_NAME, Vault

CANARY = "canary-7f3a-never-on-disk"


def test_what_was_sealed_opens_again_with_the_same_identity(tmp_path: Path) -> None:
    sealed = Vault(tmp_path).seal(Secret(CANARY))
    assert CANARY.encode() not in sealed
    assert sealed.startswith(b"age-encryption.org/v1")
    assert Vault(tmp_path).open(sealed, what="it").reveal() == CANARY


@given(st.text(min_size=0, max_size=80))
def test_any_text_comes_back_as_it_was(text: str) -> None:
    vault = _shared()
    try:
        text.encode()
    except UnicodeEncodeError:
        return
    assert vault.open(vault.seal(Secret(text)), what="it").reveal() == text


def test_the_identity_is_its_owners_alone_and_says_that_it_wants_a_backup(tmp_path: Path) -> None:
    Vault(tmp_path / "state").seal(Secret("x"))
    path = tmp_path / "state" / FILE_NAME
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert "Back it up" in path.read_text()
    assert [each.name for each in path.parent.iterdir()] == [FILE_NAME]


def test_many_at_once_make_one_identity(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        sealed = list(pool.map(lambda _: Vault(tmp_path).seal(Secret(CANARY)), range(16)))
    assert {Vault(tmp_path).open(each, what="it").reveal() for each in sealed} == {CANARY}


def test_another_identity_does_not_open_it_and_says_what_to_do(tmp_path: Path) -> None:
    sealed = Vault(tmp_path / "old").seal(Secret(CANARY))
    Vault(tmp_path / "new").seal(Secret("x"))
    with pytest.raises(EnvironmentTrouble, match="the wifi-key of line L-1 cannot be decrypted") as caught:
        Vault(tmp_path / "new").open(sealed, what="the wifi-key of line L-1")
    assert "backup" in caught.value.remedy
    assert CANARY not in str(caught.value)


@pytest.mark.parametrize("text", ["", "nonsense", "# only a comment\n", "AGE-SECRET-KEY-1TRUNCATED", "\xff\xfe"])
def test_a_damaged_identity_is_told_and_not_overwritten(tmp_path: Path, text: str) -> None:
    path = tmp_path / FILE_NAME
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(EnvironmentTrouble, match="no age identity"):
        Vault(tmp_path).seal(Secret("x"))
    assert path.read_bytes() == text.encode("latin-1")


def test_a_generated_secret_is_a_wifi_key_that_people_can_read_from_paper() -> None:
    made = {generate_secret().reveal() for _ in range(100)}
    assert len(made) == 100
    for each in made:
        assert 8 <= len(each) <= 63
        assert set(each) <= set(ALPHABET)
    assert not set(ALPHABET) & set("lI1iOo0")


_VAULTS: list[Vault] = []


def _shared() -> Vault:
    if not _VAULTS:
        from tempfile import mkdtemp

        _VAULTS.append(Vault(Path(mkdtemp(prefix="proviso-vault-"))))
    return _VAULTS[0]
