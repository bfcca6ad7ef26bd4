"""Reading what people and their programs hand in as an order form: one clear line with the place, or a typed form."""

import io
import json
import os
import sys
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
import yaml
from forms import FormData, minimal, typed

from provisioning.catalogue import FORMULAS
from provisioning.errors import ExitCode, UnreadableForm
from provisioning.model.finding import Severity
from provisioning.orders.check import check
from provisioning.orders.document import MAXIMUM_BYTES
from provisioning.orders.read import STANDARD_INPUT, read

HEAD = "order: PX-2026-000900\nformula: internet-pro\n"
DEEP = 100_000
SURROGATE = r"\ud800"


@dataclass(frozen=True)
class Hostile:
    """A file that is no order form.

    Attributes:
        place: what follows the file's name in the place of the error, `:line:column`; empty where nothing more is
            known, as for the file as a whole and for what a JSON parser has already swallowed.
        says: words that the message must hold.
    """

    name: str
    content: bytes
    place: str
    says: tuple[str, ...]
    suffix: str = ".yaml"


def bad(name: str, text: str, place: str, *says: str) -> Hostile:
    return Hostile(name, text.encode(), place, says)


def bad_json(name: str, text: str, place: str, *says: str) -> Hostile:
    return Hostile(name, text.encode(), place, says, ".json")


NOT_TEXT = (
    Hostile("empty", b"", "", ("empty",)),
    Hostile("whitespace", b" \n\t\n  ", "", ("empty",)),
    Hostile("bom-alone", b"\xef\xbb\xbf", "", ("empty",)),
    Hostile("binary", b"\x7fELF\x02\x01\x01\x00\x00\x00", "", ("binary", "byte 7")),
    Hostile("utf-16", "order: PX-1\n".encode("utf-16"), ":1", ("not UTF-8", "0xff")),
    Hostile("utf-16-without-bom", "order: PX-1\n".encode("utf-16-le"), "", ("binary", "byte 1")),
    Hostile("latin-1", b"order: PX-1\nformula: \xe9\n", ":2", ("not UTF-8", "byte 21", "0xe9")),
    Hostile("surrogate-bytes", b"order: \xed\xa0\x80\n", ":1", ("not UTF-8",)),
    Hostile("cut-in-a-letter", b"order: PX-1 \xc3", ":1", ("not UTF-8",)),
    Hostile("two-megabytes", b"# \n" * 700_000, "", ("larger than 1024 KiB",)),
    Hostile("one-byte-too-many", b"#" * (MAXIMUM_BYTES + 1), "", ("larger than 1024 KiB",)),
    Hostile("nul-late", b"# " + b"x" * 5000 + b"\n\0", "", ("not YAML",)),
)

NOT_YAML = (
    bad("comment-alone", "# nothing\n", "", "mapping"),
    bad("null", "~\n", ":1:1", "mapping"),
    bad("text", "an order, please\n", ":1:1", "mapping"),
    bad("list", "- order: PX-1\n", ":1:1", "mapping"),
    bad("number", "\n42\n", ":2:1", "mapping"),
    bad("two-documents", f"{HEAD}---\n{HEAD}", ":3:1", "single document"),
    bad("open-brace", "order: {a: b\n", ":2:1", "not YAML"),
    bad("open-quote", 'order: "PX-1\n', ":2:1", "not YAML"),
    bad("tab", "customer:\n\tname: A\n", ":2:1", "not YAML"),
    bad("indentation", "customer:\n  name: A\n contact: B\n", ":3:2", "not YAML"),
    bad("control-character", "order: PX\x01\n", "", "not YAML"),
    bad("surrogate", f'{HEAD}wifi: {{enabled: true, ssid: "{SURROGATE}"}}\n', ":3:32", "not YAML"),
    bad("unknown-directive", "%FOO bar\n---\na: b\n", ":1:5", "not YAML"),
)

NOT_HARMLESS = (
    bad("alias", "customer: &a {name: A}\nsite: *a\n", ":1:11", "an anchor (&)"),
    bad("bomb", "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n", ":1:4", "an anchor (&)"),
    bad("alias-of-itself", "a: &a [*a]\n", ":1:4", "an anchor (&)"),
    bad("alias-of-nothing", "a: *hunter2secret\n", ":1:4", "an alias (*)"),
    bad("anchor-alone", "a: &hunter2secret\n", ":1:4", "an anchor (&)"),
    bad("deep-flow", "order: " + "[" * DEEP, ":1:27", "20 levels"),
    bad("deep-flow-mapping", "{a: " * DEEP, ":1:81", "20 levels"),
    bad("deep-block", "- " * DEEP + "x", ":1:41", "20 levels"),
    bad("deep-block-mapping", "".join(f"{' ' * level}a:\n" for level in range(40)), ":21:21", "20 levels"),
    bad("deep-key", "? " * DEEP + "x", ":1:41", "20 levels"),
    bad("many-values", f"order: [{'1,' * DEEP}]\n", "", "100,000 values"),
    bad("python-object", "order: !!python/object/apply:os.system [id]\n", ":1:8", "python/object/apply:os.system"),
    bad("python-name", "order: !!python/name:os.system\n", ":1:8", "a tag (!)"),
    bad("python-tuple", "order: !!python/tuple [a]\n", ":1:8", "python/tuple"),
    bad("own-tag", "order: !env HOME\n", ":1:8", "a tag (!)"),
    bad("tag-with-newline", "order: !a%0Ab HOME\n", ":1:8", "a tag (!)"),
    bad_json("deep-list", '{"order": ' + "[" * DEEP, "", "20 levels"),
    bad_json("deep-mapping", '{"a":' * DEEP, "", "20 levels"),
)

NOT_OUR_KEYS = (
    bad("duplicate", f"{HEAD}order: PX-2\n", ":3:1", "'order' stands twice"),
    bad("duplicate-inside", f"{HEAD}site:\n  address: A\n  address: B\n", ":5:3", "'address' stands twice"),
    bad("duplicate-quoted", f'{HEAD}"order": PX-2\n', ":3:1", "'order' stands twice"),
    bad("duplicate-in-list", f"{HEAD}servers: [{{to: a, to: b}}]\n", ":3:19", "'to' stands twice"),
    bad("unknown", f"{HEAD}custommer: {{name: A}}\n", ":3:1", "unknown key 'custommer'", "did you mean 'customer'"),
    bad("unknown-inside", f"{HEAD}options: {{mobile_back_up: true}}\n", ":3:11", "did you mean 'mobile_backup'"),
    bad("unknown-in-list", f"{HEAD}servers:\n  - to: a\n    port: [x]\n", ":5:5", "did you mean 'ports'"),
    bad("unknown-like-nothing", f"{HEAD}xyzzy: 1\n", ":3:1", "unknown key 'xyzzy'", "known here", "term_months"),
    bad("unknown-with-newline", f'{HEAD}"a\\nb": 1\n', ":3:1", r"unknown key 'a\nb'"),
    bad("internal-name", f"{HEAD}schema_version: 1\n", ":3:1", "unknown key 'schema_version'"),
    bad("unhashable", f"{HEAD}? [a]\n: b\n", ":3:3", "not YAML", "unhashable"),
    bad("boolean-key", f"{HEAD}on: true\n", "", "a key must be text"),
    bad("number-key", f"{HEAD}customer: {{1: A}}\n", "", "a key must be text"),
    bad("missing", "formula: internet-pro\n", ":1:1", "'order' is missing"),
    bad("missing-inside", f"{HEAD}servers:\n  - ports: [tcp/443]\n", "", "'servers.0.to' is missing"),
    bad("several", "kindd: new\ncpe: {plattform: x}\n", "", "'order'", "'kindd'", "'cpe.plattform'"),
)

NOT_OUR_VALUES = (
    bad("phone", f"{HEAD}customer: {{name: A, contact: {{name: B, phone: +3220000000}}}}\n", ":3:40", "quotation"),
    bad("order-number", "order: 123\n", ":1:1", "order must be text", "quotation"),
    bad("order-form", "order: PX 1\n", ":1:1", "order has a form that is not allowed", "PX 1"),
    bad("order-newline", 'order: "PX-1\\n"\n', ":1:1", "order has a form", r"\n"),
    bad("order-too-long", f"order: {'x' * 65}\n", ":1:1", "order has a form"),
    bad("line", f"{HEAD}line: L1\n", ":3:1", "line has a form"),
    bad("kind", f"{HEAD}kind: renew\n", ":3:1", "kind", "'new', 'change', 'move' or 'cease'"),
    bad("schema", f"{HEAD}schema: 2\n", ":3:1", "schema", "1"),
    bad("schema-true", f"{HEAD}schema: true\n", ":3:1", "schema"),
    bad("yes-as-name", f"{HEAD}customer: {{name: yes}}\n", ":3:12", "customer.name must be text", "quotation"),
    bad("on-quoted", f'{HEAD}wifi: {{enabled: "on"}}\n', ":3:8", "wifi.enabled", "boolean"),
    bad("date-of-rush-as-number", f"{HEAD}options: {{rush: {{rfs: 20261215}}}}\n", ":3:18", "must be text"),
    bad("number-quoted", f'{HEAD}options: {{ip_pack: {{addresses: "8"}}}}\n', ":3:21", "integer"),
    bad("number-broken", f"{HEAD}options: {{ip_pack: {{addresses: 8.0}}}}\n", ":3:21", "integer"),
    bad("not-a-number", f"{HEAD}term_months: .nan\n", ":3:1", "term_months", "integer"),
    bad("infinite", f"{HEAD}term_months: .inf\n", ":3:1", "term_months", "integer"),
    bad("boolean-for-number", f"{HEAD}term_months: true\n", ":3:1", "term_months", "integer"),
    bad("term-too-long", f"{HEAD}term_months: 61\n", ":3:1", "term_months", "60"),
    bad("term-zero", f"{HEAD}term_months: 0\n", ":3:1", "term_months", "1"),
    bad("list-for-block", f"{HEAD}customer: [A]\n", ":3:1", "customer"),
    bad("text-for-list", f"{HEAD}servers:\n  - {{ports: tcp/443, to: a}}\n", ":4:6", "servers.0.ports", "list"),
    bad("coverage", f"{HEAD}site: {{address: A, mobile_coverage: fair}}\n", ":3:20", "'good', 'weak'"),
    bad("text-too-long", f"{HEAD}customer: {{name: {'x' * 501}}}\n", ":3:12", "customer.name", "500"),
    bad("text-with-newline", f'{HEAD}customer: {{name: "A\\nB"}}\n', ":3:12", "customer.name", r"A\nB"),
    bad("text-with-escape", f'{HEAD}customer: {{name: "\\e[2J"}}\n', ":3:12", "customer.name"),
    bad("text-empty", f'{HEAD}customer: {{name: ""}}\n', ":3:12", "customer.name"),
    bad("set", f"{HEAD}customer: !!set {{name}}\n", ":3:1", "customer"),
    bad("bytes", f"{HEAD}customer: {{name: !!binary aGVsbG8=}}\n", ":3:18", "a tag (!)"),
    bad("huge-integer", f"{HEAD}term_months: {'9' * 5000}\n", ":3:14", "5000 digits"),
    bad("tagged-integer", f"{HEAD}term_months: !!int ten\n", ":3:14", "does not fit"),
    bad("tagged-empty-integer", f'{HEAD}term_months: !!int ""\n', ""),
    bad("tagged-empty-float", f'{HEAD}term_months: !!float ""\n', ""),
    bad("tagged-boolean", f"{HEAD}wifi: {{enabled: !!bool maybe}}\n", ""),
    bad("tagged-timestamp", f"{HEAD}customer: {{name: !!timestamp soon}}\n", ""),
)

NOT_JSON = (
    bad_json("cut", '{"order": "PX-1"', ":1:17", "not JSON"),
    bad_json("comma", '{\n  "order": "PX-1",\n}', ":3:1", "not JSON"),
    bad_json("single-quotes", "{'order': 'PX-1'}", ":1:2", "not JSON"),
    bad_json("two-values", '{"order": "PX-1"} {}', ":1:19", "not JSON"),
    bad_json("nan", '{"order": NaN}', "", "NaN is not a number"),
    bad_json("infinity", '{"order": -Infinity}', "", "-Infinity is not a number"),
    bad_json("huge-integer", f'{{"order": {"9" * 5000}}}', "", "not JSON"),
    bad_json("huge-float", '{"order": "PX-1", "term_months": 1e999}', "", "term_months"),
    bad_json("duplicate", '{"order": "PX-1", "order": "PX-2"}', "", "'order' stands twice"),
    bad_json("duplicate-inside", '{"site": {"address": "A", "address": "B"}}', "", "'address' stands twice"),
    bad_json("duplicate-surrogate", f'{{"{SURROGATE}": 1, "{SURROGATE}": 1}}', "", "stands twice"),
    bad_json("unknown", '{"order": "PX-1", "formla": "fullfiber"}', "", "did you mean 'formula'"),
    bad_json("surrogate", f'{{"order": "PX-1", "formula": "{SURROGATE}"}}', "", "formula", "unicode"),
    bad_json("surrogate-key", f'{{"order": "PX-1", "{SURROGATE}": 1}}', "", "unicode"),
    bad_json("list", "[]", ":1:1", "mapping"),
)

HOSTILE = (*NOT_TEXT, *NOT_YAML, *NOT_HARMLESS, *NOT_OUR_KEYS, *NOT_OUR_VALUES, *NOT_JSON)


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
