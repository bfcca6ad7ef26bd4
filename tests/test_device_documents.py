"""Digest and redaction of a router's documents, and the device port on a router of the lab past the network."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from cpes import WIFI_KEY, A, B, Cpe, NodeSession, digest
from hypothesis import given
from hypothesis import strategies as st
from labs import TestLab, eventually, lab_up, needs_lab

from provisioning.devices.bootstrap import bootstrap
from provisioning.devices.helper import shipped_digest
from provisioning.devices.linux_cpe import LinuxCpe
from provisioning.errors import DeviceMoved, DeviceRefused
from provisioning.model.change import Change
from provisioning.model.config import Config, Document, SecretDocument
from provisioning.model.secret import Secret
from provisioning.platforms.linux_cpe.digest import ORDER, config_digest, documents_digest
from provisioning.platforms.linux_cpe.redaction import mask, secrets_in

CANARIES = (WIFI_KEY, "canary-snmp-1", "canary-snmp-2")


def config(of: dict[str, str]) -> Config:
    return Config(
        "linux_cpe",
        tuple(SecretDocument(name, f"/{name}", 0o600, mask(name, of[name]), Secret(of[name])) for name in of),
    )


def change(base: str, of: dict[str, str]) -> Change:
    return Change("LX0101", "linux_cpe", "all of it", base, digest(of), config(of), (), (), ())


@given(st.dictionaries(st.sampled_from(ORDER), st.text()))
def test_the_digest_is_what_the_contract_says(documents: dict[str, str]) -> None:
    documents = {name: text.encode("utf-8", "replace").decode() for name, text in documents.items()}
    assert documents_digest(documents) == digest(documents)
    held = Config("linux_cpe", tuple(Document(name, "/", 0o600, text) for name, text in documents.items()))
    assert config_digest(held) == digest(documents)


def test_no_digest_of_what_is_none() -> None:
    with pytest.raises(ValueError, match="no documents of this platform: passwd"):
        documents_digest({"passwd": ""})


@pytest.mark.parametrize(
    ("name", "text", "shown"),
    [
        ("hostapd.conf", "ssid=a\nwpa_passphrase=hush hush\nwpa=2\n", "ssid=a\nwpa_passphrase=<secret>\nwpa=2\n"),
        ("hostapd.conf", "wpa_psk=00\nwpa_key_mgmt=SAE\n", "wpa_psk=<secret>\nwpa_key_mgmt=SAE\n"),
        ("hostapd.conf", "sae_password=a|id=b\n", "sae_password=<secret>\n"),
        (
            "snmpd.conf",
            'createUser "p r" SHA "a \\" b" AES "c d"\nrouser p\n',
            'createUser "p r" SHA <secret> AES <secret>\nrouser p\n',
        ),
        ("snmpd.conf", "createuser p MD5 aaaaaaaa\n", "createuser p MD5 <secret>\n"),
        ("snmpd.conf", "rocommunity public\n", "rocommunity <secret>\n"),
        ("frr.conf", " neighbor 1.2.3.4 password x y\n", " neighbor 1.2.3.4 password <secret>\n"),
        (
            "network.sh",
            "-----BEGIN OPENSSH PRIVATE KEY-----\nabc\n-----END OPENSSH PRIVATE KEY-----\n",
            "-----BEGIN OPENSSH PRIVATE KEY-----<secret>-----END OPENSSH PRIVATE KEY-----\n",
        ),
    ],
)
def test_secrets_are_masked(name: str, text: str, shown: str) -> None:
    assert mask(name, text) == shown


def test_masked_secrets_are_known() -> None:
    assert set(secrets_in("hostapd.conf", A["hostapd.conf"])) == {WIFI_KEY}
    assert set(secrets_in("snmpd.conf", A["snmpd.conf"])) == {"canary-snmp-1", "canary-snmp-2"}


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestLab]:
    with lab_up(tmp_path_factory.mktemp("lab") / "state") as up:
        yield up


@pytest.fixture
def cpe(lab: TestLab) -> Cpe:
    return Cpe(lab)


def _until_settled(router: LinuxCpe) -> None:
    assert eventually(lambda: router.status().settled, 30)


@needs_lab
def test_a_router_from_factory_new_to_confirmed(cpe: Cpe) -> None:
    session = NodeSession(cpe)
    router = LinuxCpe(session, "LX0101")
    facts = router.facts()
    assert (facts.serial, facts.helper) == ("LX0101", "")
    assert {"kernel", "frr", "nftables", "dnsmasq", "openssh"} <= set(facts.versions)
    assert "100.64.1.1/16" in facts.addresses["wan0"]
    with pytest.raises(DeviceRefused, match="helper on it is missing"):
        router.status()
    with pytest.raises(DeviceRefused, match="this is router LX0101, not LX0999"):
        bootstrap(session, serial="LX0999", host_key="k")
    assert len(bootstrap(session, serial="LX0101", host_key="k").done) == 4
    again = bootstrap(session, serial="LX0101", host_key="k")
    assert (again.done, again.reason) == ((), "its helper and units are those of this version")
    assert router.facts().helper == shipped_digest()

    base = router.fetch()
    assert base.digest == router.status().live == documents_digest(base.documents)
    router.apply(change(base.digest, A), seconds=60)
    router.apply(change(base.digest, A), seconds=60)
    status = router.status()
    assert status.pending == digest(A)
    assert status.deadline is not None
    assert timedelta(0) < status.deadline - datetime.now(UTC) <= timedelta(seconds=61)
    _until_settled(router)
    router.confirm(digest(A))
    router.confirm(digest(A))
    assert router.fetch().documents == A
    with pytest.raises(DeviceMoved):
        router.apply(change(base.digest, B), seconds=60)
    wrong = {**A, "hostapd.conf": A["hostapd.conf"] + f"wpa_psk={WIFI_KEY}\n"}
    with pytest.raises(DeviceRefused, match=r"hostapd\.conf: refused") as refused:
        router.apply(change(digest(A), wrong), seconds=60)
    assert not any(each in str(refused.value) for each in CANARIES)

    router.apply(change(digest(A), B), seconds=60)
    cpe.sh("echo >>/usr/local/sbin/proviso-helper")
    with pytest.raises(DeviceRefused, match="another version's helper"):
        bootstrap(session, serial="LX0101", host_key="k")
    with pytest.raises(DeviceRefused, match="not the one of this version"):
        router.abandon()
    cpe.sh("proviso-helper abandon")
    for half in ("true", "echo >>/usr/local/sbin/proviso-documents", "rm /usr/local/sbin/proviso-documents"):
        cpe.sh(half)  # as a kill between the two leaves them
        with pytest.raises(DeviceRefused, match="not the one of this version"):
            router.status()
        assert bootstrap(session, serial="LX0101", host_key="k").done == ("helper replaced",)
    cpe.sh("chmod 755 /usr/local/sbin/proviso-documents")
    with pytest.raises(DeviceRefused, match="not the one of this version"):
        router.status()
    assert bootstrap(session, serial="LX0101", host_key="k").done == ("helper replaced",)
    assert router.status().live == digest(A)


@needs_lab
def test_the_commands(lab: TestLab) -> None:
    from worlds import PROVISO

    environment = (
        "env",
        f"PROVISO_SSH_KEY_FILE={lab.folder}/key",
        f"PROVISO_KNOWN_HOSTS_FILE={lab.folder}/known_hosts",
    )

    def device(*arguments: str) -> str:
        answer = lab.within("noc", *environment, str(PROVISO), "device", *arguments)
        assert answer.code == 0, answer.stderr
        return answer.stdout

    device("bootstrap", "LX0101")
    assert "nothing to do, because" in device("bootstrap", "100.64.1.1")
    assert "LX0101 (staging)" in device("facts", "LX0101")
    shown = device("fetch", "LX0101") + device("fetch", "LX0101", "--to", str(lab.folder.parent / "fetched"))
    assert "PermitRootLogin" in shown
    assert not any(each in shown for each in CANARIES)
    wrong = lab.run(*environment, str(PROVISO), "device", "bootstrap", "cpe1")
    assert (wrong.code, "this is router LX0101, not cpe1" in wrong.stderr) == (1, True)
