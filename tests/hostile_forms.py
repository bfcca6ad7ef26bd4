"""Files that are no order forms, each with the place and the words of the error that it gets."""

from dataclasses import dataclass

from provisioning.orders.document import MAXIMUM_BYTES

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
