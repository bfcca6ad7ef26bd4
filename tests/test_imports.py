"""Every module imports by itself, the customer's packages import together, and help stays light."""

import json
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest
from backup_versions import nights, version

import provisioning
from provisioning.backup_store.store import BackupStore

MODULES = sorted(each.name for each in pkgutil.walk_packages(provisioning.__path__, "provisioning."))
NEEDS_ALEMBIC = "provisioning.store.migrations.env"
"""Alembic's entry: it works on the connection that it is handed, and on import."""

NAMED_BY_THE_CUSTOMER = ("netmiko", "napalm", "nornir", "jinja2", "pysnmp", "textfsm", "pytest")
HEAVY = ("sqlalchemy", "alembic", "nornir", "pydantic", "rich.markdown", "napalm", "netmiko", "pysnmp", "hier_config")
NOT_FOR_HELP = ("provisioning.ports", "provisioning.catalogue.", "provisioning.settings", "yaml", "pygit2", "pyrage")
"""Ours, and light ones: what each command would pay for, and none says in its help."""

EACH_FRESH = """
import builtins, importlib, json, sys

names, needs, failed = json.loads(sys.argv[1]), {}, {}
seam = builtins.__import__

def noted(name, globals=None, locals=None, fromlist=(), level=0):
    found = seam(name, globals, locals, fromlist, level)
    importer = (globals or {}).get("__name__", "")
    if name.split(".")[0] == importer.split(".")[0] == "provisioning":
        submodules = {f"{name}.{each}" for each in fromlist or ()}
        needs.setdefault(importer, set()).update({name, *(submodules & set(sys.modules))})
    return found

def imported(name, fresh):
    for loaded in [each for each in sys.modules if fresh and each.split(".")[0] == "provisioning"]:
        del sys.modules[loaded]
    try:
        importlib.import_module(name)
    except BaseException as error:
        failed[name] = repr(error)

def needed(name):
    found, left = set(), [name]
    while left:
        more = needs.get(left.pop(), set()) - found
        found |= more
        left += more
    return found

builtins.__import__ = noted
for name in names:
    imported(name, fresh=False)
    needs.setdefault(name, set()).add(name.rpartition(".")[0])  # a package is begun before what is in it
builtins.__import__ = seam
circles = [name for name in names if name in needed(name)]
for name in circles:
    imported(name, fresh=True)
print(json.dumps([failed, circles]))
"""

TOGETHER = """
import importlib, sys
for name in sys.argv[1:]:
    importlib.import_module(name)
"""

MAIN = """
import json, sys
from provisioning.cli.main import run
code = run(sys.argv[1:])
print(json.dumps([int(code), sorted(sys.modules)]), file=sys.stderr)
"""


def python(script: str, *arguments: str, current: Path) -> subprocess.CompletedProcess[str]:
    """Run a script in a fresh interpreter in which a warning is an error, away from the checkout."""
    return subprocess.run(
        [sys.executable, "-c", script, *arguments],
        cwd=current,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def test_there_is_no_module_that_nobody_sees() -> None:
    folder = Path(provisioning.__path__[0])
    files = {path.relative_to(folder.parent) for path in folder.rglob("*.py") if "_project" not in path.parts}
    names = {".".join(path.with_suffix("").parts).removesuffix(".__init__") for path in files}
    # Migrations have no names that Python could import.
    assert names - {name for name in names if ".versions." in name} <= {"provisioning", *MODULES}


def test_each_module_imports_by_itself(tmp_path: Path) -> None:
    """Whatever is imported first, there is no circle; only what needs itself in the end can depend on the order."""
    names = [name for name in MODULES if name != NEEDS_ALEMBIC]
    result = python(EACH_FRESH, json.dumps(names), current=tmp_path)
    assert result.returncode == 0, result.stderr
    failed, circles = json.loads(result.stdout)
    assert failed == {}
    # Packages that hand on what is in them need it, and it needs them: were there none, nothing would have been noted.
    assert "provisioning.catalogue" in circles
    assert "provisioning.errors" not in circles


def test_the_customers_packages_import_together(tmp_path: Path) -> None:
    result = python(TOGETHER, *NAMED_BY_THE_CUSTOMER, "provisioning.cli.main", current=tmp_path)
    assert result.returncode == 0, result.stderr


@pytest.mark.parametrize(
    ("arguments", "allowed"),
    [
        (("--help",), ()),
        (("--version",), ()),
        # Typer itself reads arguments with Pydantic.
        (("order", "accept", "--help"), ("pydantic",)),
    ],
    ids=str,
)
def test_help_loads_nothing_heavy(tmp_path: Path, arguments: tuple[str, ...], allowed: tuple[str, ...]) -> None:
    result = python(MAIN, *arguments, current=tmp_path)
    code, loaded = json.loads(result.stderr)
    assert code == 0
    assert result.stdout
    heavy = tuple({*HEAVY, *NOT_FOR_HELP} - set(allowed))
    assert not [name for name in loaded if name.startswith(heavy)]


def test_the_catalogue_needs_no_store_and_no_inventory(tmp_path: Path) -> None:
    code, loaded = json.loads(python(MAIN, "catalogue", current=tmp_path).stderr)
    assert code == 0
    assert not {"sqlalchemy", "alembic", "nornir"} & set(loaded)


def test_hier_config_is_for_those_who_plan_a_cisco_router(tmp_path: Path) -> None:
    code = "import provisioning.platforms.cisco_iosxe.differ, sys; sys.exit('hier_config' in sys.modules)"
    assert python(code, current=tmp_path).returncode == 0


def test_a_list_of_runs_loads_little_more_than_the_command_line(tmp_path: Path) -> None:
    code, loaded = json.loads(python(MAIN, "--state", str(tmp_path), "run", "list", current=tmp_path).stderr)
    assert code == 0
    assert not {"sqlalchemy", "alembic", "nornir", "yaml", "rich.console", "provisioning.settings"} & set(loaded)


@pytest.mark.parametrize("arguments", [("list", "L-1"), ("list",), ("diff", "L-1")], ids=" ".join)
def test_a_look_at_backups_loads_little_more_than_the_command_line(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    store = BackupStore(tmp_path / "backups")
    for number, night in enumerate(nights(2)):
        store.keep(version(taken_at=night, text=f"hostname {number}\n"))
        store.commit("night")
    result = python(MAIN, "--state", str(tmp_path), "backup", *arguments, current=tmp_path)
    code, loaded = json.loads(result.stderr)
    assert code == 0
    assert "202611" in result.stdout
    ours = {"provisioning.settings", "provisioning.backup_store.store", "provisioning.ports"}
    assert not {"pygit2", "pyrage", "sqlalchemy", "yaml", "rich.console", *ours} & set(loaded)


def test_a_check_needs_no_store_and_no_inventory(tmp_path: Path) -> None:
    form = Path(__file__).parent.parent / "examples" / "orders" / "fullfiber.yaml"
    code, loaded = json.loads(python(MAIN, "order", "check", str(form), current=tmp_path).stderr)
    assert code == 0
    assert not {"sqlalchemy", "alembic", "nornir"} & set(loaded)
