"""Reading what people and their programs hand in as an order form: one clear line with the place, or a typed form."""

import io
import json
import os
import sys
import time
from datetime import date
from pathlib import Path

import pytest
import yaml
from forms import FormData, minimal, typed
from hostile_forms import HEAD, HOSTILE, Hostile

from provisioning.catalogue import FORMULAS
from provisioning.errors import ExitCode, UnreadableForm
from provisioning.model.finding import Severity
from provisioning.orders.check import check
from provisioning.orders.read import STANDARD_INPUT, read


def refusal(path: Path) -> UnreadableForm:
    with pytest.raises(UnreadableForm) as raised:
        read(path)
    return raised.value


@pytest.mark.parametrize("hostile", HOSTILE, ids=lambda each: f"{each.suffix[1:]}-{each.name}")
def test_hostile_file(hostile: Hostile, tmp_path: Path) -> None:
    path = tmp_path / f"form{hostile.suffix}"
    path.write_bytes(hostile.content)
    error = refusal(path)
    assert error.exit_code is ExitCode.BAD_INPUT
    if hostile.place:
        assert error.where == f"{path}{hostile.place}"
    else:
        assert error.where.startswith(str(path))
    assert all(words in error.what for words in hostile.says), error.what
    assert_readable(error)


def assert_readable(error: UnreadableForm) -> None:
    assert len(error.what.splitlines()) == 1, error.what
    assert error.what.isprintable(), error.what
    assert len(error.what) < 4000
    assert error.remedy


def test_ids_are_unique() -> None:
    names = [(each.suffix, each.name) for each in HOSTILE]
    assert len(set(names)) == len(names)


def test_missing_file(tmp_path: Path) -> None:
    error = refusal(tmp_path / "absent.yaml")
    assert error.where == str(tmp_path / "absent.yaml")
    assert error.what == "no such file or directory"
    assert_readable(error)


def test_directory(tmp_path: Path) -> None:
    error = refusal(tmp_path)
    assert error.where == str(tmp_path)
    assert error.what == "is a directory"
    assert_readable(error)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_unreadable_file(tmp_path: Path) -> None:
    path = tmp_path / "form.yaml"
    path.write_text(HEAD)
    path.chmod(0)
    error = refusal(path)
    assert error.where == str(path)
    assert error.what == "permission denied"


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="the system has no /dev/zero")
def test_endless_file() -> None:
    error = refusal(Path("/dev/zero"))
    assert error.where == "/dev/zero"
    assert_readable(error)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("form.yaml", f'{HEAD}? "{"x" * 100_000}"\n: 1\n'),
        ("form.json", f'{{"order": "PX-1", "{"x" * 100_000}": 1}}'),
        ("twice.json", f'{{"{"x" * 100_000}": 1, "{"x" * 100_000}": 1}}'),
        ("order.yaml", f"order: {'x' * 100_000}\n"),
    ],
)
def test_long_text_does_not_flood_the_screen(name: str, text: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_text(text)
    assert_readable(refusal(path))


def test_many_unknown_keys_do_not_flood_the_screen(tmp_path: Path) -> None:
    path = tmp_path / "form.yaml"
    path.write_text(HEAD + "".join(f"key{number}: 1\n" for number in range(10_000)))
    assert_readable(refusal(path))


@pytest.mark.parametrize("line", ["key: {0}", "key_from: [{0}]", "ssid: {{a: {0}}}", "channel: {0}", "enabled: {0}"])
def test_a_key_in_the_wrong_place_is_not_repeated(line: str, tmp_path: Path) -> None:
    path = tmp_path / "form.yaml"
    path.write_text(f"{HEAD}wifi:\n  {line.format('hunter2-hunter2')}\n")
    error = refusal(path)
    assert "hunter2" not in f"{error} {error.remedy}"


HEXADECIMAL = "0x" + "f" * 5000


@pytest.mark.parametrize(
    "block",
    [f"options: {{ip_pack: {{addresses: {HEXADECIMAL}}}}}", f"wifi: {{enabled: false, channel: {HEXADECIMAL}}}"],
)
def test_a_number_too_long_to_print_is_refused_somewhere(block: str, tmp_path: Path) -> None:
    path = tmp_path / "form.yaml"
    path.write_text(f"{HEAD}{block}\n")
    try:
        form = read(path)
    except UnreadableForm as error:
        assert_readable(error)
    else:
        findings = check(form, date(2026, 11, 23)).findings
        assert any(each.severity is Severity.REFUSAL for each in findings)


def test_a_number_of_base_sixty_costs_no_more_than_its_length(tmp_path: Path) -> None:
    # YAML 1.1 reads 1:1:1 as a number, and PyYAML's sum is quadratic: a full megabyte would take a minute.
    path = tmp_path / "form.yaml"
    path.write_text(f"order: 1{':1' * 100_000}\n")
    start = time.process_time()
    assert_readable(refusal(path))
    assert time.process_time() - start < 1


def complete() -> FormData:
    """A form that states every key, as data."""
    return {
        "schema": 1,
        **minimal(FORMULAS["fullfiber-extended"]),
        "kind": "new",
        "term_months": 24,
        "options": {
            "speed": "fiber-up",
            "ip_pack": {"addresses": 16, "assessment": "network plan reviewed"},
            "mobile_backup": True,
            "sla": "premium",
            "rush": None,
        },
        "wifi": {"enabled": True, "ssid": 'Café "Été" \\ 🥐', "channel": 36},
        "lan": {"subnet": "192.168.1.0/24", "customer_firewall": True},
        "servers": [{"ports": ["tcp/443", "tcp/8000-8010"], "to": "192.168.1.10"}, {"to": "customer_firewall"}],
    }


WRITTEN = {
    "block.yaml": yaml.safe_dump(complete(), allow_unicode=True).encode(),
    "flow.yaml": yaml.safe_dump(complete(), default_flow_style=True).encode(),
    "bom.yaml": b"\xef\xbb\xbf" + yaml.safe_dump(complete()).encode(),
    "carriage-returns.yaml": yaml.safe_dump(complete()).replace("\n", "\r\n").encode(),
    "marked.yaml": yaml.safe_dump(complete(), explicit_start=True, explicit_end=True).encode(),
    "form.json": json.dumps(complete()).encode(),
    "indented.json": json.dumps(complete(), indent=2, ensure_ascii=False).encode(),
    "bom.json": b"\xef\xbb\xbf" + json.dumps(complete()).encode(),
    "json.yaml": json.dumps(complete(), ensure_ascii=False).encode(),
}


@pytest.mark.parametrize("name", WRITTEN)
def test_however_it_is_written_it_is_the_same_form(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(WRITTEN[name])
    assert read(path) == typed(complete())


@pytest.mark.parametrize("name", WRITTEN)
def test_standard_input(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(WRITTEN[name])))
    assert read(Path(STANDARD_INPUT)) == typed(complete())


def test_standard_input_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"order: 1\n")))
    assert refusal(Path(STANDARD_INPUT)).where == "standard input:1:1"


def test_a_date_without_quotation_marks_stays_text(tmp_path: Path) -> None:
    path = tmp_path / "form.yaml"
    path.write_text(f"{HEAD}options: {{rush: {{rfs: 2026-12-15}}}}\n")
    form = read(path)
    assert form.options is not None
    assert form.options.rush is not None
    assert form.options.rush.rfs == "2026-12-15"
