"""What an order's router could never be told is refused when the order is accepted, and no address is taken."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from worlds import ROOT, World, dump

from provisioning.orders.read import read
from provisioning.workflows.accept_order import accept_order

EXAMPLE = ROOT / "examples" / "orders" / "internet-pro-plus-cisco.yaml"


def form_with(folder: Path, **keys: Any) -> Path:
    form = {**yaml.safe_load(EXAMPLE.read_text("utf-8")), **keys}
    path = folder / "order.yaml"
    path.write_text(yaml.safe_dump(form, allow_unicode=True), "utf-8")
    return path


@pytest.mark.parametrize(
    ("where", "keys"),
    [
        ("wifi.ssid", {"wifi": {"enabled": True, "ssid": "What?"}}),
        ("wifi.ssid", {"wifi": {"enabled": True, "ssid": 'A "quote"'}}),
        ("wifi.ssid", {"wifi": {"enabled": True, "ssid": "Éprouvette"}}),
        (
            "servers",
            {"servers": [{"ports": ["tcp/2000-2300"], "to": "192.168.22.20"}], "lan": {"subnet": "192.168.22.0/24"}},
        ),
    ],
)
def test_what_a_cisco_router_cannot_be_told_is_refused_and_takes_nothing(
    world: World, tmp_path: Path, where: str, keys: dict[str, Any]
) -> None:
    before = dump(world.store)
    answer = accept_order(read(form_with(tmp_path, **keys)), world.around)
    assert [(each.code, each.where) for each in answer.findings if each.code == "router-limit"] == [
        ("router-limit", where)
    ]
    assert not answer.accepted
    assert dump(world.store) == before


def test_a_router_that_can_be_told_it_gets_it(world: World, tmp_path: Path) -> None:
    wifi = {"enabled": True, "ssid": "Éprouvette"}
    path = form_with(tmp_path, wifi=wifi, cpe={"platform": "linux_cpe", "serial": "LX0104"})
    assert accept_order(read(path), world.around).accepted


def test_a_key_that_the_router_would_change_is_refused_without_being_shown(world: World, tmp_path: Path) -> None:
    world.environment["WIFI_OF_IT"] = "what-a-key?yes"
    wifi = {"enabled": True, "ssid": "Exemple", "key_from": "env:WIFI_OF_IT"}
    answer = accept_order(read(form_with(tmp_path, wifi=wifi)), world.around)
    (refused,) = (each for each in answer.findings if each.code == "router-limit")
    assert "what-a-key" not in str(refused)
