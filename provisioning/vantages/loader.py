"""Runs on a vantage point: makes the package `probe` of what came over standard input, and lets it answer one request.

The first line of input is a JSON object: the modules' texts by name, the name of the observation, and the request.
"""

import importlib
import importlib.abc
import importlib.machinery
import json
import sys
from types import ModuleType


class _Sent(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def __init__(self, modules: "dict[str, str]") -> None:
        self._modules = modules

    def find_spec(
        self, fullname: str, path: object = None, target: object = None
    ) -> "importlib.machinery.ModuleSpec | None":
        if fullname not in self._modules:
            return None
        return importlib.machinery.ModuleSpec(fullname, self, is_package=fullname == "probe")

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> None:
        return None

    def exec_module(self, module: ModuleType) -> None:
        name = module.__name__
        exec(compile(self._modules[name], name, "exec"), module.__dict__)  # noqa: S102 - our own, sent by us


def _run() -> None:
    sent = json.loads(sys.stdin.buffer.readline())
    sys.meta_path.insert(0, _Sent(sent["modules"]))
    importlib.import_module("probe.main").main(sent["what"], sent["request"])


if __name__ == "__main__":
    _run()
