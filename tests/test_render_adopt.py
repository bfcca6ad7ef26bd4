"""What the customer changed on the router survives, unless the order changes it as well (facts: I-8.1)."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from renderings import SECRETS, config, example, revealed, with_wifi

from provisioning.model.customer_settings import CustomerSettings
from provisioning.model.intent import AddressedIntent
from provisioning.model.line_secrets import LineSecrets
from provisioning.model.secret import Secret
from provisioning.platforms.linux_cpe.customer_settings import read_customer_settings
from provisioning.rendering.adopt import adopt

Values = tuple[str, int | None, str]
A: Values = ("Ours", 1, "our own key")
B: Values = ("Theirs", 6, "their own key")
C: Values = ("Newer", 11, "a newer key")


def settings(values: Values) -> CustomerSettings:
    return CustomerSettings(values[0], values[1], Secret(values[2]))


def ordered(values: Values) -> tuple[AddressedIntent, LineSecrets]:
    line = with_wifi(example("internet-pro-plus"), values[0], values[1])
    return line, replace(SECRETS, wifi_key=Secret(values[2]))


def outcome(order: Values, delivered: Values | None, on_device: Values | None) -> tuple[Values, int]:
    """What is rendered after adopting, as it is read back from the router, and the number of notes."""
    line, secrets, notes = adopt(*ordered(order), delivered and settings(delivered), on_device and settings(on_device))
    for note in notes:
        for values in (A, B, C):
            assert values[2] not in note
    back = read_customer_settings(revealed(config(line, secrets)))
    assert back is not None
    return (back.ssid, back.channel, back.key.reveal()), len(notes)


@pytest.mark.parametrize(
    ("order", "delivered", "on_device", "expected", "notes"),
    [
        pytest.param(A, A, A, A, 0, id="nothing changed"),
        pytest.param(C, A, A, C, 0, id="the order changes"),
        pytest.param(A, A, B, B, 3, id="the customer changed"),
        pytest.param(C, A, B, C, 3, id="both changed"),
        pytest.param(B, A, B, B, 0, id="both changed to the same"),
        pytest.param(A, None, B, A, 0, id="never delivered"),
        pytest.param(A, A, None, A, 0, id="nothing on the router"),
        pytest.param(C, A, ("Theirs", 1, "our own key"), C, 1, id="one of three"),
        pytest.param(A, A, ("Ours", None, "our own key"), ("Ours", None, "our own key"), 1, id="the router's choice"),
    ],
)
def test_three_ways(
    order: Values, delivered: Values | None, on_device: Values | None, expected: Values, notes: int
) -> None:
    assert outcome(order, delivered, on_device) == (expected, notes)


three = st.sampled_from([A, B, C])


@given(order=three, delivered=three, on_device=three)
def test_a_second_delivery_changes_nothing(order: Values, delivered: Values, on_device: Values) -> None:
    first, _ = outcome(order, delivered, on_device)
    assert outcome(order, order, first)[0] == first


def test_where_wifi_is_off_nothing_is_adopted() -> None:
    line = example("internet-maxi-bizz")
    secrets = replace(SECRETS, wifi_key=None)
    assert adopt(line, secrets, settings(A), settings(B)) == (line, secrets, ())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ssid=Theirs\nchannel=6\nwpa_passphrase=their own key\n", B),
        ('ssid2="Theirs"\nchannel=6\nwpa_passphrase=their own key', B),
        ('ssid2=P"The\\x69rs"\nchannel=6\nwpa_passphrase=their own key', B),
        ('ssid2=P"a\\"b\\\\\\n\\101"\nwpa_passphrase=their own key', ('a"b\\\nA', None, "their own key")),
        ("ssid2=546865697273\nchannel=6\nwpa_passphrase=their own key", B),
        ("ssid=x\nssid=Theirs\nchannel=1\nchannel=6\nwpa_passphrase=their own key", B),
        ("#ssid=x\nssid=Theirs\nchannel=6\n#wpa_passphrase=other key\nsae_password=their own key|id=x", B),
        ("ssid=Theirs\nchannel=acs_survey\nwpa_psk=" + "0a" * 32, ("Theirs", None, "0a" * 32)),
        ("ssid= a \nchannel=0\nwpa_passphrase= spaces  ", (" a ", None, " spaces  ")),
        ("ssid=" + "x" * 33 + "\nwpa_passphrase=their own key", None),
        ("ssid2=5\nwpa_passphrase=their own key", None),
        ('ssid2="open\nwpa_passphrase=their own key', None),
        ("ssid=open network\nchannel=6", None),
        ("ssid=Theirs\nwpa_passphrase=short", None),
        ("", None),
    ],
)
def test_hostapd_conf_is_read_as_hostapd_reads_it(text: str, expected: Values | None) -> None:
    back = read_customer_settings({"hostapd.conf": text})
    assert (back and (back.ssid, back.channel, back.key.reveal())) == expected


def test_a_router_without_wifi_has_no_settings() -> None:
    assert read_customer_settings({"sshd_config": ""}) is None


@given(st.text())
def test_any_text_can_be_read(text: str) -> None:
    read_customer_settings({"hostapd.conf": text})
    read_customer_settings({"hostapd.conf": f"ssid2={text}\nchannel={text}\nwpa_passphrase={text}"})
