"""The commands that are built into the shell of the simulated routers."""

from provisioning.stands.simulator.linux_cpe.shell_types import Command, Exit, Loop, Return, Shell, Streams

MISUSE = 2


def _exit(shell: Shell, arguments: list[str], _streams: Streams) -> int:
    raise Exit(int(arguments[0]) if arguments else shell.code)


def _return(shell: Shell, arguments: list[str], _streams: Streams) -> int:
    raise Return(int(arguments[0]) if arguments else shell.code)


def _break(_shell: Shell, arguments: list[str], _streams: Streams) -> int:
    raise Loop(int(arguments[0]) if arguments else 1, again=False)


def _continue(_shell: Shell, arguments: list[str], _streams: Streams) -> int:
    raise Loop(int(arguments[0]) if arguments else 1, again=True)


def _shift(shell: Shell, arguments: list[str], _streams: Streams) -> int:
    count = int(arguments[0]) if arguments else 1
    if count > len(shell.arguments):
        return MISUSE
    del shell.arguments[:count]
    return 0


def _set(shell: Shell, arguments: list[str], _streams: Streams) -> int:
    for each in arguments:
        if each.startswith("-"):
            shell.options |= set(each[1:])
        elif each.startswith("+"):
            shell.options -= set(each[1:])
    return 0


def _exec(shell: Shell, arguments: list[str], streams: Streams) -> int:
    if arguments:
        raise Exit(shell.call(arguments, streams))
    return 0


def _umask(shell: Shell, arguments: list[str], _streams: Streams) -> int:
    shell.variables["umask"] = arguments[0] if arguments else "022"
    return 0


def _export(shell: Shell, arguments: list[str], _streams: Streams) -> int:
    for each in arguments:
        name, equals, value = each.partition("=")
        if equals:
            shell.variables[name] = value
    return 0


def _read(shell: Shell, arguments: list[str], streams: Streams) -> int:
    names = [each for each in arguments if not each.startswith("-")]
    line = streams.given.readline()
    left = line.decode("utf-8", "surrogateescape").strip()
    for number, name in enumerate(names):
        if number + 1 == len(names):
            shell.variables[name] = left
        else:
            first, _, left = left.partition(" ")
            shell.variables[name], left = first, left.strip()
    return 0 if line.endswith(b"\n") else 1


BUILT_IN: dict[str, Command] = {
    ":": lambda _shell, _arguments, _streams: 0,
    "true": lambda _shell, _arguments, _streams: 0,
    "false": lambda _shell, _arguments, _streams: 1,
    "exit": _exit,
    "return": _return,
    "break": _break,
    "continue": _continue,
    "shift": _shift,
    "set": _set,
    "exec": _exec,
    "umask": _umask,
    "export": _export,
    "read": _read,
}
