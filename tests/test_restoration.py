"""What a router is told to have a backup back, and which backups are rehearsed: decided without any device."""

from dataclasses import replace
from datetime import timedelta

import pytest
from iosxe_renderings import RICHEST, cisco_config
from iosxe_renderings import SECRETS as CISCO_SECRETS
from renderings import SECRETS, config, example, revealed, with_wifi
from worlds import NOON

from provisioning.backups.login_password import without_login_passwords
from provisioning.backups.sample import Candidate, coverage, sample
from provisioning.model.config import Config
from provisioning.model.customer_settings import CustomerSettings
from provisioning.model.line_secrets import LineSecrets
from provisioning.model.secret import Secret
from provisioning.planning.restoration import Backup, restoration, surviving
from provisioning.platforms.routers import ROUTERS

Values = tuple[str, int | None, str]
OURS: Values = ("Ours", 11, "our-own-key")
THEIRS: Values = ("Theirs", 36, "their-own-key")
OTHERS: tuple[Values, ...] = (
    THEIRS,
    ("Ours", None, "our-own-key"),
    ("Two words", 1, "our-own-key"),
    ("Ours", 11, "0123456789abcdef" * 4),
)


def settings(values: Values) -> CustomerSettings:
    return CustomerSettings(values[0], values[1], Secret(values[2]))


def rendered(platform: str, values: Values) -> Config:
    """Return what a line's router is told with settings of the customer's."""
    if platform == "linux_cpe":
        line, secrets = with_wifi(example("internet-pro-plus"), values[0], values[1]), SECRETS
        return config(line, replace(secrets, wifi_key=Secret(values[2])))
    line = example(RICHEST)
    assert line.intent.wifi is not None
    wifi = replace(line.intent.wifi, ssid=values[0], channel=values[1], security="wpa2")
    told = replace(line, intent=replace(line.intent, wifi=wifi))
    return cisco_config(told, replace(CISCO_SECRETS, wifi_key=Secret(values[2])))


@pytest.mark.parametrize("values", OTHERS, ids=str)
@pytest.mark.parametrize("platform", sorted(ROUTERS))
def test_with_the_customers_settings_it_is_as_if_rendered_with_them(platform: str, values: Values) -> None:
    backup = Backup(platform, "OLD1", revealed(rendered(platform, OURS)))
    secrets = SECRETS if platform == "linux_cpe" else CISCO_SECRETS
    back = restoration(backup, "OLD1", secrets, settings(values))
    known = ROUTERS[platform]
    wanted = rendered(platform, values)
    for each in wanted.documents:
        assert known.comparable(each.name, back[each.name].reveal()) == known.comparable(each.name, each.reveal())
        assert values[2] not in back[each.name].shown
    assert values[2] not in repr(back)
    same = restoration(backup, "OLD1", secrets, settings(OURS))
    assert revealed(restoration(backup, "OLD1", secrets, None)) == revealed(same)


def test_what_no_router_shows_comes_from_the_lines_own_secrets() -> None:
    told = revealed(rendered("cisco_iosxe", OURS))
    shown = "snmp-server user proviso proviso v3 auth sha priv aes 128\n"
    backup = Backup("cisco_iosxe", "OLD1", {**told, "snmp-users": shown})
    secrets = LineSecrets(None, Secret("authentication-new"), Secret("privacy-new"))
    back = restoration(backup, "OLD1", secrets, None)["snmp-users"]
    wanted = "snmp-server user proviso proviso v3 auth sha authentication-new priv aes 128 privacy-new\n"
    assert back.reveal() == wanted
    assert "-new" not in back.shown


def test_another_router_is_named_in_labels_and_nowhere_else() -> None:
    text = (
        "# Line L-1, fullfiber, router LX0101. Written by Proviso.\n"
        "ssid2=" + b"LX0101".hex() + "\nchannel=11\nhw_mode=g\nwpa_key_mgmt=WPA-PSK\n"
        "wpa_passphrase=my router LX0101\n"
    )
    backup = Backup("linux_cpe", "LX0101", {"hostapd.conf": text, "ont": "ont add LX0101"})
    back = restoration(backup, "LX0202", SECRETS, None)
    assert [each.name for each in back.documents] == ["hostapd.conf"]
    wanted = text.replace("fullfiber, router LX0101", "fullfiber, router LX0202")
    assert back["hostapd.conf"].reveal() == wanted


@pytest.mark.parametrize(
    ("backup", "delivered", "present", "expected", "notes"),
    [
        pytest.param(OURS, OURS, OURS, OURS, 0, id="nothing changed"),
        pytest.param(OURS, OURS, THEIRS, THEIRS, 3, id="the customer changed since"),
        pytest.param(THEIRS, OURS, OURS, THEIRS, 0, id="the customer had changed then"),
        pytest.param(THEIRS, OURS, THEIRS, THEIRS, 0, id="then and now"),
        pytest.param(OURS, OURS, None, OURS, 0, id="nothing on the router"),
        pytest.param(None, OURS, THEIRS, None, 0, id="Wi-Fi was off"),
        pytest.param(OURS, None, THEIRS, THEIRS, 3, id="nobody knows what was delivered"),
        pytest.param(OURS, OURS, ("Ours", 6, "our-own-key"), ("Ours", 6, "our-own-key"), 1, id="one of three"),
    ],
)
def test_what_the_customer_changed_survives(
    backup: Values | None, delivered: Values | None, present: Values | None, expected: Values | None, notes: int
) -> None:
    found, said = surviving(
        backup and settings(backup), delivered and settings(delivered), present and settings(present)
    )
    assert (found and (found.ssid, found.channel, found.key.reveal())) == expected
    assert len(said) == notes
    assert not [each for each in said if "key" in each and "-own-key" in each]


def candidate(line: int, platform: str, days: float | None, *, tried: float | None = None) -> Candidate:
    at = NOON - timedelta(days=days) if days is not None else None
    return Candidate(f"L-{line}", platform, at, at if tried is None else NOON - timedelta(days=tried))


def test_the_least_recently_proven_come_first_and_no_platform_is_forgotten() -> None:
    fleet = [
        candidate(1, "linux_cpe", 3),
        candidate(2, "linux_cpe", None, tried=1),
        candidate(3, "linux_cpe", None),
        candidate(4, "linux_cpe", 9),
        candidate(5, "cisco_iosxe", 1),
        replace(candidate(6, "cisco_iosxe", None), backed_up=False),
    ]
    assert [each.line for each in sample(fleet, 0.01)] == ["L-5", "L-3"]
    assert [each.line for each in sample(fleet, 0.75)] == ["L-5", "L-3", "L-2", "L-4"]
    assert len(sample(fleet, 1.0)) == 5
    assert sample([], 0.5) == ()


def test_the_share_is_that_of_the_whole_fleet() -> None:
    fleet = [
        candidate(1, "linux_cpe", 3),
        candidate(2, "linux_cpe", None, tried=1),
        candidate(3, "linux_cpe", 5),
        replace(candidate(4, "linux_cpe", None), backed_up=False),
    ]
    (found,) = coverage(fleet, NOON)
    assert (found.fleet, found.backed_up, found.proven, found.failed) == (4, 3, 2, 1)
    assert (found.share, found.oldest, found.median) == (0.5, timedelta(days=5), timedelta(days=5))
    assert coverage([], NOON) == ()


# --- login passwords, which no backup has --------------------------------------------------------------------------

HASH = "$6$saltsalt$QoBhSxrQjHwOYqr5tJm2iN3s1b8ZfLpWvK0eUaXdG7cRyTn9I4gPkEu6MhV"
LOGINS = {
    "cisco_iosxe": {
        "running-config": (
            "hostname r1\nap profile P\n mgmtuser username boss password 0 canary-a secret 0 canary-b\n"
            "line con 0\n password 7 canary-c\nline vty 0 4\n password 7 canary-d\n login local\n"
            "line vty 5 15\n login\n password 7 canary-e\nend\n"
        )
    },
    "linux_cpe": {
        "frr.conf": "frr version 9\npassword canary-a\nenable password 8 canary-b\nrouter bgp 1\nend\n",
        "network.sh": f"ip link set lo up\nusermod -p '{HASH}' jan\n",
    },
}


@pytest.mark.parametrize("platform", sorted(LOGINS))
def test_the_login_passwords_of_a_router_stay_as_they_stand(platform: str) -> None:
    known, running = ROUTERS[platform], LOGINS[platform]
    kept = without_login_passwords(platform, running)
    back = restoration(Backup(platform, "A1", kept), "A1", SECRETS, None, running)
    for name, text in running.items():
        assert known.comparable(name, back[name].reveal()) == known.comparable(name, text)
        assert known.comparable(name, kept[name]) != known.comparable(name, text)
        assert "canary" not in back[name].shown and HASH not in back[name].shown
    assert known.digest(revealed(back)) == known.digest(running)


@pytest.mark.parametrize("platform", sorted(LOGINS))
def test_a_login_password_that_was_set_since_stays_as_well(platform: str) -> None:
    known, running = ROUTERS[platform], dict(LOGINS[platform])
    name = next(iter(running))
    bare = "\n".join(each for each in running[name].split("\n") if "assword" not in each)
    back = restoration(Backup(platform, "A1", {name: bare}), "A1", SECRETS, None, running)
    for word in ("canary-a", "canary-b"):
        assert word in back[name].reveal()
    assert sorted(known.comparable(name, back[name].reveal()).split()) == sorted(
        known.comparable(name, running[name]).split()
    )


def test_the_login_of_a_section_that_goes_stays() -> None:
    running = "line vty 5 15\n password 7 canary-e\n login\nend\n"
    back = restoration(
        Backup("cisco_iosxe", "A1", {"running-config": "hostname r1\nend\n"}),
        "A1",
        SECRETS,
        None,
        {"running-config": running},
    )
    assert back["running-config"].reveal() == "hostname r1\nline vty 5 15\n password 7 canary-e\nend\n"
