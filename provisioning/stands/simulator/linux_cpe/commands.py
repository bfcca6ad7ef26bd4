"""The programs of a Unix that scripts on the simulated routers call, as far as they call them."""

import hashlib
import io
import posixpath
import re
from collections.abc import Callable
from itertools import islice

from provisioning.stands.simulator.linux_cpe.shell_types import Command, Shell, Streams


def _echo(_shell: Shell, arguments: list[str], streams: Streams) -> int:
    newline = arguments[:1] != ["-n"]
    streams.out += " ".join(arguments[0 if newline else 1 :]).encode("utf-8", "surrogateescape")
    streams.out += b"\n" if newline else b""
    return 0


def _printf(_shell: Shell, arguments: list[str], streams: Streams) -> int:
    pattern, values = arguments[0].replace("\\n", "\n"), arguments[1:]
    count = max(1, pattern.count("%s"))
    for start in range(0, max(1, len(values)), count):
        some = iter([*values[start : start + count], *[""] * count])
        streams.out += re.sub("%s", lambda _: next(some), pattern).encode("utf-8", "surrogateescape")  # noqa: B023
    return 0


def _test(shell: Shell, arguments: list[str], streams: Streams) -> int:
    if arguments[:1] == ["!"]:
        return int(not _test(shell, arguments[1:], streams))
    match arguments:
        case []:
            return 1
        case [text]:
            return int(not text)
        case ["-n" | "-z" as operator, text]:
            return int(bool(text) == (operator == "-z"))
        case ["-e" | "-f" | "-d" | "-s" | "-x" | "-r" as operator, path]:
            return int(not _is(shell, operator, path))
        case [first, "=" | "!=" as operator, second]:
            return int((first == second) != (operator == "="))
        case [first, "-eq" | "-ne" | "-lt" | "-le" | "-gt" | "-ge" as operator, second]:
            return int(not _COMPARED[operator](int(first), int(second)))
        case _:
            streams.complain("[: unexpected operator")
            return 2


_COMPARED: dict[str, Callable[[int, int], bool]] = {
    "-eq": int.__eq__,
    "-ne": int.__ne__,
    "-lt": int.__lt__,
    "-le": int.__le__,
    "-gt": int.__gt__,
    "-ge": int.__ge__,
}


def _is(shell: Shell, operator: str, path: str) -> bool:
    tree = shell.tree
    if operator == "-d":
        return path in tree.folders
    if operator == "-f":
        return path in tree.files
    if operator == "-s":
        return path in tree.files and bool(tree.files[path].content)
    if operator == "-x":
        return path in shell.commands or (path in tree.files and bool(tree.files[path].mode & 0o100))
    return tree.exists(path)


def _bracket(shell: Shell, arguments: list[str], streams: Streams) -> int:
    if arguments[-1:] != ["]"]:
        streams.complain("[: missing ]")
        return 2
    return _test(shell, arguments[:-1], streams)


def _inputs(shell: Shell, paths: list[str], streams: Streams) -> list[tuple[str, bytes]]:
    if not paths:
        return [("-", streams.given.read())]
    return [(path, shell.tree.read(path)) for path in paths]


def _cat(shell: Shell, arguments: list[str], streams: Streams) -> int:
    for _, content in _inputs(shell, arguments, streams):
        streams.out += content
    return 0


def _sha256sum(shell: Shell, arguments: list[str], streams: Streams) -> int:
    code = 0
    for path in arguments or ["-"]:
        if path != "-" and path not in shell.tree.files:
            streams.complain(f"sha256sum: {path}: No such file or directory")
            code = 1
            continue
        content = streams.given.read() if path == "-" else shell.tree.read(path)
        streams.say(f"{hashlib.sha256(content).hexdigest()}  {path}")
    return code


def _lines(streams: Streams) -> list[str]:
    return streams.given.read().decode("utf-8", "surrogateescape").splitlines()


def _cut(shell: Shell, arguments: list[str], streams: Streams) -> int:
    given = " ".join(arguments)
    delimiter = re.search(r"-d ?(.)", given)
    fields = re.search(r"-f ?(\d+)(-?)", given)
    if delimiter is None or fields is None:
        streams.complain("cut: you must specify a list of bytes, characters, or fields")
        return 1
    last = arguments[-1] if arguments[-1].startswith("/") else ""
    if last:
        streams.given = _reader(shell.tree.read(last))
    first = int(fields[1]) - 1
    for line in _lines(streams):
        parts = line.split(delimiter[1])
        if len(parts) == 1:
            streams.say(line)
        else:
            streams.say(delimiter[1].join(parts[first:] if fields[2] else parts[first : first + 1]))
    return 0


def _reader(content: bytes) -> io.BytesIO:
    return io.BytesIO(content)


def _tr(_shell: Shell, arguments: list[str], streams: Streams) -> int:
    plain = [each.replace("\\n", "\n").replace("\\t", "\t") for each in arguments]
    text = streams.given.read().decode("utf-8", "surrogateescape")
    if plain[:1] == ["-d"]:
        text = "".join(each for each in text if each not in plain[1])
    else:
        source, target = plain
        text = text.translate({ord(each): target[min(at, len(target) - 1)] for at, each in enumerate(source)})
    streams.out += text.encode("utf-8", "surrogateescape")
    return 0


def _head(_shell: Shell, arguments: list[str], streams: Streams) -> int:
    if arguments[:1] == ["-c"]:
        streams.out += streams.given.read(int(arguments[1]))
        return 0
    for line in islice(_lines(streams), int(arguments[1]) if arguments[:1] == ["-n"] else 10):
        streams.say(line)
    return 0


def _tail(_shell: Shell, arguments: list[str], streams: Streams) -> int:
    count = int(arguments[1]) if arguments[:1] == ["-n"] else 10
    for line in _lines(streams)[-count:]:
        streams.say(line)
    return 0


def _grep(shell: Shell, arguments: list[str], streams: Streams) -> int:
    options = {each for each in arguments if each.startswith("-")}
    rest = [each for each in arguments if not each.startswith("-") and not each.isdecimal()]
    pattern = re.compile(re.escape(rest[0]) if "-F" in options else rest[0])
    content = shell.tree.read(rest[1]).decode("utf-8", "surrogateescape") if rest[1:] else ""
    lines = content.splitlines() if rest[1:] else _lines(streams)
    found = [line for line in lines if bool(pattern.search(line)) != ("-v" in options)]
    if not {"-q", "-qs"} & options:
        for line in found[:1] if "-m" in options else found:
            streams.say(line)
    return int(not found)


def _mkdir(shell: Shell, arguments: list[str], streams: Streams) -> int:
    paths = [each for each in arguments if not each.startswith("-")]
    for path in paths:
        shell.tree.make_folder(path)
    return 0


def _mv(shell: Shell, arguments: list[str], _streams: Streams) -> int:
    source, target = (each for each in arguments if not each.startswith("-"))
    if target in shell.tree.folders:
        target = posixpath.join(target, posixpath.basename(source))
    shell.tree.move(source, target)
    return 0


def _cp(shell: Shell, arguments: list[str], _streams: Streams) -> int:
    source, target = (each for each in arguments if not each.startswith("-"))
    if target in shell.tree.folders:
        target = posixpath.join(target, posixpath.basename(source))
    shell.tree.write(target, shell.tree.read(source))
    return 0


def _rm(shell: Shell, arguments: list[str], streams: Streams) -> int:
    code = 0
    options = "".join(each[1:] for each in arguments if each.startswith("-"))
    for path in arguments:
        if path.startswith("-"):
            continue
        if not shell.tree.exists(path) and "f" not in options:
            streams.complain(f"rm: cannot remove '{path}': No such file or directory")
            code = 1
        shell.tree.remove(path)
    return code


def _ls(shell: Shell, arguments: list[str], streams: Streams) -> int:
    folder = next((each for each in arguments if not each.startswith("-")), "/")
    if not shell.tree.exists(folder):
        streams.complain(f"ls: cannot access '{folder}': No such file or directory")
        return 2
    inside = f"{folder.rstrip('/')}/"
    found = {each.removeprefix(inside).split("/")[0] for each in shell.tree.files if each.startswith(inside)}
    for each in sorted(found):
        streams.say(each)
    return 0


def _chmod(shell: Shell, arguments: list[str], _streams: Streams) -> int:
    for path in arguments[1:]:
        shell.tree.read(path)
        shell.tree.files[path].mode = int(arguments[0], 8)
    return 0


def _stat(shell: Shell, arguments: list[str], streams: Streams) -> int:
    if arguments[:2] != ["-c", "%u:%a"]:
        streams.complain("stat: invalid option")
        return 1
    code = 0
    for path in arguments[2:]:
        if path in shell.tree.files:
            streams.say(f"0:{shell.tree.files[path].mode:o}")
        else:
            streams.complain(f"stat: cannot statx '{path}': No such file or directory")
            code = 1
    return code


def _nothing(_shell: Shell, _arguments: list[str], _streams: Streams) -> int:
    return 0


def _env(shell: Shell, arguments: list[str], streams: Streams) -> int:
    return shell.call(arguments, streams) if arguments else 0


def _timeout(shell: Shell, arguments: list[str], streams: Streams) -> int:
    return shell.call(arguments[1:], streams)


COMMANDS: dict[str, Command] = {
    "echo": _echo,
    "printf": _printf,
    "test": _test,
    "[": _bracket,
    "cat": _cat,
    "sha256sum": _sha256sum,
    "cut": _cut,
    "tr": _tr,
    "head": _head,
    "tail": _tail,
    "grep": _grep,
    "mkdir": _mkdir,
    "mv": _mv,
    "cp": _cp,
    "rm": _rm,
    "ls": _ls,
    "chmod": _chmod,
    "chown": _nothing,
    "sync": _nothing,
    "flock": _nothing,
    "touch": _nothing,
    "sleep": _nothing,
    "stat": _stat,
    "env": _env,
    "timeout": _timeout,
    "command": _env,
}
