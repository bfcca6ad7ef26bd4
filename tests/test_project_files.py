"""The files of a project and the settings: what is in force, where it came from, and what is wrong with a bad one."""

from dataclasses import replace
from pathlib import Path

import pytest
from worlds import INVENTORY, ROOT, project_with_pools

from provisioning.addressing.pools_file import read_pools_file
from provisioning.errors import BadInput, UnreadableProject
from provisioning.model.olt import PortKind
from provisioning.nornir_setup.olts import olt_password, read_olts
from provisioning.secrets.environment import EnvironmentSecrets
from provisioning.settings import Settings, load_settings

# --- settings ------------------------------------------------------------------------------------------------------


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project of its own, with the shipped files."""
    (tmp_path / "isp").mkdir()
    return project_with_pools(tmp_path / "isp", (ROOT / "inventory" / "pools.yaml").read_text("utf-8"))


def load(current: Path, *, project: Path | None = None, state: Path | None = None, **environment: str) -> Settings:
    return load_settings(project=project, state=state, environment=environment, current=current)


def shown(settings: Settings, name: str) -> tuple[str, str]:
    [found] = [each for each in settings.shown if each.name == name]
    return found.value, found.source


def write(project: Path, text: str) -> None:
    (project / "nornir.yaml").write_text(text, "utf-8")


def test_a_setting_comes_from_the_strongest_place(project: Path) -> None:
    write(project, "inventory: {}\n")
    assert shown(load(project), "quarantine_days") == ("30", "default")
    write(project, "user_defined: {proviso: {quarantine_days: 60}}\n")
    assert shown(load(project), "quarantine_days") == ("60", "nornir.yaml")
    stronger = load(project, PROVISO_QUARANTINE_DAYS="90")
    assert shown(stronger, "quarantine_days") == ("90", "environment PROVISO_QUARANTINE_DAYS")
    assert stronger.quarantine_days == 90


def test_an_empty_variable_says_nothing(project: Path) -> None:
    found = load(project, PROVISO_QUARANTINE_DAYS="", PROVISO_STATE="", PROVISO_PROJECT="")
    assert found.quarantine_days == 30
    assert found.state == project / "state"


def test_the_nearest_project_is_in_use(project: Path) -> None:
    below = project / "a" / "b"
    below.mkdir(parents=True)
    found = load(below)
    assert shown(found, "project") == (str(project), "nearest nornir.yaml")
    assert shown(found, "state") == (str(project / "state"), "beside nornir.yaml")


def test_a_named_project_is_stronger_than_the_nearest(project: Path, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    other = project_with_pools(tmp_path / "other", "pools: []\n")
    by_variable = load(project, PROVISO_PROJECT=str(other))
    assert shown(by_variable, "project") == (str(other), "environment PROVISO_PROJECT")
    by_option = load(other, project=project, PROVISO_PROJECT=str(other))
    assert shown(by_option, "project") == (str(project), "option --project")


def test_the_state_is_named_by_option_variable_or_project(project: Path, tmp_path: Path) -> None:
    by_variable = load(project, PROVISO_STATE=str(tmp_path / "v"))
    assert shown(by_variable, "state") == (str(tmp_path / "v"), "environment PROVISO_STATE")
    by_option = load(project, state=tmp_path / "o", PROVISO_STATE=str(tmp_path / "v"))
    assert shown(by_option, "state") == (str(tmp_path / "o"), "option --state")


def test_without_a_project_the_shipped_one_is_in_use(tmp_path: Path) -> None:
    found = load(tmp_path)
    assert shown(found, "project") == (str(ROOT), "shipped with Proviso")
    assert shown(found, "state")[1] == "user's state directory"
    assert ROOT not in found.state.parents, "nothing is written into what was shipped"


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("QUARANTINE_DAYS", "many"),
        ("QUARANTINE_DAYS", "-1"),
        ("QUARANTINE_DAYS", "3651"),
        ("QUARANTINE_DAYS", "1.5"),
        ("QUARANTINE_DAYS", "9" * 30),
        ("LOCK_TIMEOUT_SECONDS", "0"),
        ("LOCK_TIMEOUT_SECONDS", "nan"),
        ("LOCK_TIMEOUT_SECONDS", "inf"),
        ("LOCK_TIMEOUT_SECONDS", "soon"),
    ],
)
def test_a_bad_variable_is_told_by_its_name(project: Path, variable: str, value: str) -> None:
    with pytest.raises(UnreadableProject) as caught:
        load_settings(project=None, state=None, environment={f"PROVISO_{variable}": value}, current=project)
    assert caught.value.where == f"environment PROVISO_{variable}"
    assert variable.lower() in caught.value.what


@pytest.mark.parametrize(
    ("text", "place", "reason"),
    [
        ("inventory: [\n", ":2:1", "not YAML"),
        ("a: b: c\n", ":1:5", "not YAML"),
        ("\tinventory: {}\n", ":1:1", "not YAML"),
        ("- inventory\n", "", "block of keys"),
        ("5\n", "", "block of keys"),
        ("inventory: 5\n", "", "inventory"),
        ("user_defined: 5\n", "", "user_defined"),
        ("user_defined: {proviso: 5}\n", "", "no mapping"),
        ("user_defined: {proviso: {quarantine_day: 5}}\n", "", "did you mean 'quarantine_days'"),
        ("user_defined: {proviso: {quarantine_days: many}}\n", "", "quarantine_days"),
        ("user_defined: {proviso: {quarantine_days: -1}}\n", "", "quarantine_days"),
        ("user_defined: {proviso: {1: 1}}\n", "", "unknown key '1'"),
        ("user_defined: !!python/name:os.system\n", "", "not YAML"),
        ("\udcff", "", "not UTF-8"),
    ],
)
def test_a_bad_nornir_yaml_is_told_with_its_place(project: Path, text: str, place: str, reason: str) -> None:
    (project / "nornir.yaml").write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(UnreadableProject, match=reason) as caught:
        load(project)
    assert caught.value.where.startswith(str(project / "nornir.yaml") + place)


@pytest.mark.parametrize("text", ["", "# nothing\n", "inventory: {}\n", "runner: {plugin: serial}\n"])
def test_a_nornir_yaml_may_say_little(project: Path, text: str) -> None:
    write(project, text)
    assert load(project).quarantine_days == 30


@pytest.mark.parametrize("name", ["", "nowhere", "inventory", "nornir.yaml"])
def test_a_folder_that_is_no_project_is_told(project: Path, name: str) -> None:
    named = project / name if name else project.parent
    with pytest.raises(UnreadableProject, match="is no project"):
        load(project, project=named)


# --- pools.yaml ----------------------------------------------------------------------------------------------------

POOL = "pools:\n  - {{name: a, purpose: fixed-ipv4, prefix: {}}}\n"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "block of keys"),
        ("pools:\n", "pools"),
        ("pools: [\n", "not YAML"),
        ("pools: {a: 1}\n", "pools"),
        ("pool: []\n", "did you mean 'pools'"),
        ("pools: [fixed]\n", "pools.0"),
        ("pools:\n  - {name: a}\n", "purpose"),
        ("pools:\n  - {name: a, purpose: fixed-ipv4}\n", "`prefix`"),
        ("pools:\n  - {name: a, purpose: ont-id, numbers: 0-7, prefix: 8.8.8.0/24}\n", "`prefix`"),
        ("pools:\n  - {name: a, purpose: fixed-ipv4, prefix: 8.8.8.0/24, reserve: []}\n", "did you mean 'reserved'"),
        ("pools:\n  - {name: 7, purpose: ont-id, numbers: 0-7}\n", "must be text"),
        ("pools:\n  - {name: a, purpose: fixed-ipv4, prefix: 8.8.8.0/24, quarantine_days: 1.5}\n", "quarantine_days"),
        ("pools:\n  - {name: a, purpose: fixed-ipv4, prefix: 8.8.8.0/24, special_purpose: sure}\n", "special_purpose"),
        ("pools:\n  - {name: a, purpose: fixed, prefix: 8.8.8.0/24}\n", "no purpose"),
        ("pools:\n  - {name: a, purpose: ont-id, numbers: 0-999}\n", "no range"),
        (POOL.format("8.8.8.1/24"), "host bits"),
        (POOL.format("eight"), "no prefix"),
        (POOL.format("2a00:1450::/40"), "IPv6"),
        (POOL.format("10.0.0.0/24"), "private use"),
        (POOL.format("224.0.0.0/24"), "multicast"),
        (POOL.format("8.8.8.0/24") + "  - {name: a, purpose: ip-pack, prefix: 8.8.9.0/24}\n", "pool a"),
        (POOL.format("8.8.8.0/24") + "  - {name: b, purpose: ip-pack, prefix: 8.8.8.0/25}\n", "overlaps"),
    ],
    ids=lambda value: value.replace(" ", "-")[-30:] if isinstance(value, str) else None,
)
def test_a_bad_pools_yaml_is_unreadable_and_told_with_its_place(tmp_path: Path, text: str, reason: str) -> None:
    """It is no order that is refused, but a file of the project that cannot be used: exit code 2, and which file."""
    path = tmp_path / "pools.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(BadInput, match=reason) as caught:
        read_pools_file(path)
    assert str(path) in str(caught.value)


def test_the_shipped_pools_can_be_used() -> None:
    assert len(read_pools_file(ROOT / "inventory" / "pools.yaml").pools) == 6


def test_a_comment_does_not_make_it_another_file(tmp_path: Path) -> None:
    path = tmp_path / "pools.yaml"
    path.write_text(POOL.format("8.8.8.0/24"), "utf-8")
    before = read_pools_file(path)
    path.write_text("# mine\n" + POOL.format('"8.8.8.0/24"'), "utf-8")
    assert read_pools_file(path) == before
    path.write_text(POOL.format("8.8.9.0/24"), "utf-8")
    assert read_pools_file(path).digest != before.digest


# --- hosts.yaml ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a: [\n", "cannot be read"),
        ("\t\n", "cannot be read"),
        ("a: 1\n", "cannot be read"),
        ("a:\n", "cannot be read"),
        ("a: {platform: huawei_smartax, groups: [nowhere]}\n", "nowhere"),
        ("a: {platform: huawei_smartax, groups: 5}\n", "cannot be read"),
        ("a: {platform: huawei_smartax, data: 5}\n", "cannot be read"),
        ("a: {platform: huawei_smartax, data: {ports: 5}}\n", "ports"),
        ("a: {platform: huawei_smartax, data: {ports: null}}\n", "ports"),
        ("a: {platform: huawei_smartax, data: {ports: [0/1/0]}}\n", "ports"),
        ("a: {platform: huawei_smartax, data: {ports: {0/1/0: fast}}}\n", "0/1/0: .*'gpon' or 'xgs-pon'"),
        ("a: {platform: huawei_smartax, data: {ports: {1: gpon}}}\n", "ports"),
    ],
)
def test_a_bad_hosts_yaml_is_told_with_its_place(project: Path, text: str, reason: str) -> None:
    hosts = project / "inventory" / "hosts.yaml"
    hosts.write_text(text, "utf-8")
    with pytest.raises(UnreadableProject, match=reason) as caught:
        read_olts(project, INVENTORY)
    assert str(hosts) in str(caught.value)


@pytest.mark.parametrize("name", ["hosts.yaml", "groups.yaml", "defaults.yaml"])
def test_a_file_of_the_inventory_that_cannot_be_read_is_told_by_its_name(project: Path, name: str) -> None:
    (project / "inventory" / name).write_text("olt: [", "utf-8")
    with pytest.raises(UnreadableProject, match="cannot be read") as caught:
        read_olts(project, INVENTORY)
    assert name in str(caught.value)


def test_a_project_without_hosts_is_told(project: Path) -> None:
    (project / "inventory" / "hosts.yaml").unlink()
    with pytest.raises(UnreadableProject, match=r"hosts\.yaml"):
        read_olts(project, INVENTORY)


def test_the_shipped_inventory_can_be_used() -> None:
    olts = read_olts(ROOT, INVENTORY)
    assert set(olts) == {"olt-brussels-1", "olt-namur-1"}
    assert olts["olt-namur-1"].ports == {"0/1/0": PortKind.GPON, "0/2/0": PortKind.XGS_PON}


def test_an_olt_has_what_its_group_says_as_everywhere_in_nornir(project: Path) -> None:
    (project / "inventory" / "groups.yaml").write_text(
        "olt: {platform: huawei_smartax, data: {ports: {0/1/0: gpon}}}\n", "utf-8"
    )
    (project / "inventory" / "hosts.yaml").write_text("a: {hostname: a.example.net, groups: [olt]}\n", "utf-8")
    assert read_olts(project, INVENTORY)["a"].ports == {"0/1/0": PortKind.GPON}


def test_the_shipped_olts_are_reached_by_an_account_whose_password_stands_elsewhere() -> None:
    olt = read_olts(ROOT, INVENTORY)["olt-brussels-1"]
    assert (olt.host, olt.port, olt.user) == ("olt-brussels-1.example.net", 22, "proviso")
    assert (olt.service_vlan, olt.user_vlan) == (100, 10)
    assert olt_password(olt, EnvironmentSecrets({"PROVISO_OLT_PASSWORD": "open"})).reveal() == "open"
    for nothing in ({}, {"PROVISO_OLT_PASSWORD": ""}):
        with pytest.raises(UnreadableProject, match=r"olt-brussels-1: .*env:PROVISO_OLT_PASSWORD") as caught:
            olt_password(olt, EnvironmentSecrets(nothing))
        assert "PROVISO_OLT_PASSWORD" in caught.value.remedy


def test_an_olt_of_which_nobody_said_who_logs_in() -> None:
    olt = read_olts(ROOT, INVENTORY)["olt-brussels-1"]
    for each in (replace(olt, user=""), replace(olt, password_from="")):
        with pytest.raises(UnreadableProject, match="does not say who logs in"):
            olt_password(each, EnvironmentSecrets({"PROVISO_OLT_PASSWORD": "open"}))


@pytest.mark.parametrize("data", ["password_from: hunter2", "service_vlan: 4095", "user_vlan: 1"])
def test_an_olt_with_data_that_make_no_sense(project: Path, data: str) -> None:
    (project / "inventory" / "hosts.yaml").write_text(
        f"a: {{hostname: a, platform: huawei_smartax, data: {{{data}}}}}\n", "utf-8"
    )
    with pytest.raises(UnreadableProject, match=rf"a: data\.{data.partition(':')[0]}") as caught:
        read_olts(project, INVENTORY)
    assert "hunter2" not in f"{caught.value} {caught.value.remedy}"


def test_other_devices_of_the_inventory_are_no_olts(project: Path) -> None:
    (project / "inventory" / "hosts.yaml").write_text("bng: {platform: linux}\nweb: {}\n", "utf-8")
    assert read_olts(project, INVENTORY) == {}
