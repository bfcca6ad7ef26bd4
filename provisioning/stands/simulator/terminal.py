"""A shell on a terminal, as far as programs that log in need it: a prompt, echo, and lines that are carried out."""

from collections.abc import Callable

import asyncssh

ENDS = ("exit", "logout")
END_OF_INPUT = 4


async def serve_terminal(process: asyncssh.SSHServerProcess[bytes], prompt: str, run: Callable[[str], bytes]) -> None:
    """Serve a terminal until its user leaves.

    Args:
        prompt: what stands before each line.
        run: carries out a line, and returns what it prints.
    """
    process.stdout.write(prompt.encode())
    held = bytearray()
    while part := await process.stdin.read(4096):
        for byte in part:
            if byte == END_OF_INPUT and not held:
                process.stdout.write(b"logout\r\n")
                return
            if byte not in b"\r\n":
                held.append(byte)
                process.stdout.write(bytes([byte]))
                continue
            line = held.decode("utf-8", "replace").strip()
            held.clear()
            process.stdout.write(b"\r\n")
            if line in ENDS:
                return
            if line:
                process.stdout.write(run(line).replace(b"\n", b"\r\n"))
            process.stdout.write(prompt.encode())
