"""What the customer changed on a Cisco router is read back as it was written."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from iosxe_renderings import RICHEST, SECRETS, cisco_config
from renderings import example

from provisioning.model.customer_settings import CustomerSettings
from provisioning.model.secret import Secret
from provisioning.platforms.cisco_iosxe.canonical import RUNNING_CONFIG
from provisioning.platforms.cisco_iosxe.customer_settings import read_customer_settings
from provisioning.platforms.cisco_iosxe.encoders import is_ios_wifi_key

WLAN = (
    "ap dot11 5ghz rrm channel dca 36\nwlan PROVISO 1 Houblon\n radio policy dot11 5ghz\n"
    " security wpa psk set-key ascii 0 houblon-rouge\n security wpa akm psk\n no shutdown\n"
)


def read(text: str) -> tuple[str, int | None, str] | None:
    found = read_customer_settings({RUNNING_CONFIG: text})
    return None if found is None else (found.ssid, found.channel, found.key.reveal())


def test_what_stands_there_is_read() -> None:
    assert read(WLAN) == ("Houblon", 36, "houblon-rouge")
    assert read(WLAN.replace("Houblon", '"Houblon Rouge"')) == ("Houblon Rouge", 36, "houblon-rouge")


@pytest.mark.parametrize(
    ("part", "other"),
    [
        ("ap dot11 5ghz rrm channel dca 36\n", ""),
        ("radio policy dot11 5ghz", "radio policy dot11 24ghz"),
        (" radio policy dot11 5ghz\n", ""),
        ("dca 36\n", "dca 36\nap dot11 5ghz rrm channel dca 40\n"),
    ],
)
def test_without_one_channel_the_router_chooses(part: str, other: str) -> None:
    assert part in WLAN
    assert read(WLAN.replace(part, other)) == ("Houblon", None, "houblon-rouge")


@pytest.mark.parametrize(
    ("part", "other"),
    [
        (" no shutdown\n", ""),
        ("ascii 0 houblon-rouge", "ascii 8 AAAA-encrypted"),
        ("ascii 0 houblon-rouge", "ascii 0 short"),
        ("PROVISO", "GUESTS"),
        ("Houblon", "H" * 33),
    ],
)
def test_a_network_that_is_off_or_cannot_be_used_has_no_settings(part: str, other: str) -> None:
    assert part in WLAN
    assert read(WLAN.replace(part, other)) is None


def test_no_configuration_has_no_settings() -> None:
    assert read_customer_settings({}) is None
    assert read("") is None


PRINTABLE = st.text(st.characters(codec="ascii", categories=("L", "N", "P", "S"), exclude_characters='?"'), min_size=1)


@settings(max_examples=25, deadline=None)
@given(
    ssid=st.tuples(PRINTABLE, st.sampled_from(["", " x", "  y"])).map("".join).filter(lambda each: len(each) <= 32),
    channel=st.sampled_from([None, 1, 13, 36, 100]),
    key=PRINTABLE.filter(lambda each: 8 <= len(each) <= 63 and is_ios_wifi_key(each)),
)
def test_what_is_rendered_is_read_back(ssid: str, channel: int | None, key: str) -> None:
    line = example(RICHEST)
    assert line.intent.wifi is not None
    network = replace(line.intent.wifi, ssid=ssid, channel=channel)
    told = cisco_config(
        replace(line, intent=replace(line.intent, wifi=network)), replace(SECRETS, wifi_key=Secret(key))
    )
    found = read_customer_settings({each.name: each.reveal() for each in told.documents})
    assert isinstance(found, CustomerSettings)
    assert (found.ssid, found.channel, found.key.reveal()) == (ssid, channel, key)
