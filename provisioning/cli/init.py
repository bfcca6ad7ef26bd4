"""`proviso init`: copies the shipped project."""

import filecmp
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from provisioning.cli import output, surroundings
from provisioning.cli.options import JsonOption
from provisioning.errors import EnvironmentTrouble


@dataclass(frozen=True, slots=True)
class _Copied:
    copied: list[str]
    kept: list[str]
    differing: list[str]


def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of the new project.")],
    json: JsonOption = False,
) -> None:
    """Copy the shipped project into DIR.

    That is nornir.yaml, the inventory, the templates and the example orders.
    A file that is there already stays as it is, so that it can be run again.

    \b
    Examples:
      proviso init my-isp && cd my-isp && proviso order check examples/orders
    """
    # The project is theirs, unlike what Proviso writes otherwise.
    strict = os.umask(surroundings.PERSONS_UMASK.get())
    try:
        result = _copy(folder)
    except OSError as error:
        raise EnvironmentTrouble(
            f"cannot be written: {(error.strerror or str(error)).lower()}",
            where=str(folder),
            remedy="Name a folder that you may write in.",
        ) from None
    finally:
        os.umask(strict)
    if json:
        output.print_json({"project": str(folder.absolute()), **_lists(result)})
        return
    output.say(f"Project in {folder}: {len(result.copied)} files copied, {len(result.kept)} were there already.")
    for name in result.differing:
        output.say(f"  kept as it is, differs from the shipped one: {name}")
    output.say("Next: put your own prefixes into inventory/pools.yaml and your OLTs into inventory/hosts.yaml.")


def _lists(result: _Copied) -> dict[str, list[str]]:
    return {"copied": result.copied, "kept": result.kept, "differing": result.differing}


def _copy(folder: Path) -> _Copied:
    from provisioning.project import shipped_root

    result = _Copied([], [], [])
    root = shipped_root()
    for source in _shipped_files(root):
        name = source.relative_to(root)
        target = folder / name
        if target.exists():
            result.kept.append(str(name))
            if not filecmp.cmp(source, target, shallow=False):
                result.differing.append(str(name))
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        partial = target.with_name(f".{target.name}.{os.getpid()}.partial")
        try:
            shutil.copyfile(source, partial)
            partial.replace(target)
        finally:
            partial.unlink(missing_ok=True)
        result.copied.append(str(name))
    return result


def _shipped_files(root: Path) -> Iterator[Path]:
    """Yield the files of the shipped project, nornir.yaml last: it makes the folder a project."""
    from provisioning.project import MARKER, PARTS

    for part in PARTS:
        if part != MARKER:
            yield from sorted(path for path in (root / part).rglob("*") if path.is_file())
    yield root / MARKER
