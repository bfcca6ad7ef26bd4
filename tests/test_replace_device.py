"""Replacing a device: what is refused before any device is asked."""

from pathlib import Path

import pytest
from forms import minimal, typed
from worlds import World

from provisioning.catalogue import FORMULAS
from provisioning.errors import BadInput, Refused, UnknownName
from provisioning.orders.serials import need_serial
from provisioning.store import lines
from provisioning.store.engine import Store
from provisioning.workflows.accept_order import accept_order
from provisioning.workflows.executor import Executor
from provisioning.workflows.replace_device import replace_cpe, replace_ont

HOSTILE = (
    "A\nB; rm -rf /",
    "$(id)",
    "../../etc/passwd",
    "[red]LX0109[/red]",
    "\x1b[31mLX0109",
    "\udcff\udcfe",
    "LX0109\n",
    "L" * 5000,
)


@pytest.fixture
def executor(tmp_path: Path) -> Executor:
    """One that carries nothing out, in a world with two active lines."""
    store = Store.in_memory()
    around = World(store, state=tmp_path).around
    for order, router in (("PX-1", "LX0901"), ("PX-2", "LX0902")):
        form = minimal(FORMULAS["internet-pro-plus"])
        form.update(order=order, cpe={"platform": "linux_cpe", "serial": router})
        accept_order(typed(form), around)
    with store.write() as connection:
        for line in ("L-1", "L-2"):
            lines.activate_line(connection, line, around.clock.now())
    return Executor("executor-1", around, lambda _run: lambda _stage, _text: None)


def tell(_stage: object, _text: str) -> None:
    pass


@pytest.mark.parametrize("serial", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("replace", [replace_cpe, replace_ont])
def test_what_is_no_serial_number_is_bad_input(executor: Executor, replace: object, serial: str) -> None:
    with pytest.raises(BadInput) as raised:
        replace("L-1", serial, executor, tell)  # type: ignore[operator]
    assert raised.value.where == "option --serial"
    assert len(str(raised.value)) < 200


@pytest.mark.parametrize("serial", ["LX0902", "lx0902"])
def test_a_router_of_another_line_is_known_however_it_is_written(executor: Executor, serial: str) -> None:
    with pytest.raises(Refused, match="it serves line L-2"):
        replace_cpe("L-1", serial, executor, tell)


@pytest.mark.parametrize("line", ["L-999", "x", "L-" + "9" * 300, "\udcff"])
def test_an_unknown_line_is_told_as_such(executor: Executor, line: str) -> None:
    with pytest.raises(UnknownName, match="there is no line"):
        replace_cpe(line, "LX0903", executor, tell)


def test_serials_are_kept_in_capitals() -> None:
    assert need_serial("ont", "hwtc1a2b3c4d") == "HWTC1A2B3C4D"
    assert need_serial("cpe", "fgl26000123") == "FGL26000123"
