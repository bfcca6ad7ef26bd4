"""The helper of a simulated router, from the description of its protocol (docs/helper.md): one change under a timer.

What outlives a loss of power stands in the router's files; time is that of the world. Nothing runs in between: whoever
looks at the router has what was due until then done first (`tick`).
"""

import io
import tarfile
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Protocol

from provisioning.stands.simulator.linux_cpe.documents import PLACES, digest_of, in_place
from provisioning.stands.simulator.linux_cpe.drills import Drills, Fail
from provisioning.stands.simulator.linux_cpe.drills import Machine as DrilledMachine
from provisioning.stands.simulator.linux_cpe.shell_types import Shell, Streams
from provisioning.stands.simulator.linux_cpe.tree import NoRoom, Tree
from provisioning.stands.simulator.live_calls import LiveCall

STATE = "/var/lib/proviso"
PENDING, CONFIRMED, OUTCOME = f"{STATE}/pending", f"{STATE}/confirmed", f"{STATE}/outcome"
BALLAST = f"{STATE}/ballast"
KEPT_SETS = 5

SETTLES = timedelta(seconds=0.3)
"""How long it takes to put a set in force."""

USAGE = """\
stage | check                   takes a tar archive of documents | holds each against its own daemon
apply SECONDS BASE [WANTED]     checks, and starts the timer, which puts the staged set in force; answers at once
confirm DIGEST | abandon        keeps what is pending | goes back now
status | digest | fetch         tells what is in force
sessions | end-sessions         lists what runs through it | ends PROTOCOL SOURCE PORT TARGET PORT, a line each
shut | boot                     forwards nothing until the firewall is loaded | loads everything after a power cut
bearers | announced | events-follow | drill TOKEN CUT SECONDS | drill-end TOKEN       are proviso-drill's"""


class Machine(DrilledMachine, Protocol):
    """What the helper works on."""

    tree: Tree

    @property
    def live(self) -> list[LiveCall]:
        """Calls from outside that go on."""

    def check(self, name: str, text: bytes) -> str:
        """Return what the daemon complains of a document; empty when it takes it."""

    def load(self, name: str, text: bytes | None) -> str:
        """Put a document in force, or take it away; return what failed."""


class Helper:
    """The helper on one router."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self.drills = Drills(machine, lambda: self._pending)
        self._begun: datetime | None = None
        self._deadline: datetime | None = None
        self._seconds = 0
        self._settled = False
        self._back = ""

    @property
    def _tree(self) -> Tree:
        return self._machine.tree

    # --- what it is asked ---

    def command(self, _shell: Shell, arguments: list[str], streams: Streams) -> int:
        """Be the program."""
        self._tree.make_folder(f"{STATE}/sets")
        self._tree.make_folder("/run/proviso")
        verbs: Mapping[tuple[str, int], Callable[[], None]] = {
            ("stage", 1): lambda: self._stage(streams),
            ("check", 1): lambda: self._check(streams.out),
            ("apply", 3): lambda: self._apply(arguments, streams),
            ("apply", 4): lambda: self._apply(arguments, streams),
            ("confirm", 2): lambda: self._confirm(arguments[1], streams),
            ("abandon", 1): lambda: self._abandon(streams),
            ("status", 1): lambda: self._status(streams),
            ("digest", 1): lambda: streams.say(digest_of(in_place(self._tree))),
            ("fetch", 1): lambda: self._fetch(streams),
            ("sessions", 1): lambda: self._sessions(streams),
            ("end-sessions", 1): lambda: self._end_sessions(streams),
            ("boot", 1): self.boot,
            ("shut", 1): lambda: None,
            **self.drills.verbs(arguments, streams),
        }
        verb = verbs.get((arguments[0] if arguments else "", len(arguments)))
        if verb is None:
            streams.say(USAGE)
            return 1
        try:
            self.tick()
            verb()
        except Fail as failed:
            if str(failed):
                streams.complain(f"proviso-helper: {failed}")
            return failed.code
        except NoRoom:
            streams.complain("proviso-helper: cannot write: No space left on device")
            return 1
        return 0

    def _sessions(self, streams: Streams) -> None:
        for each in self._machine.live:
            kind = "tcp      6 431999 ESTABLISHED" if each.protocol == "tcp" else "udp      17 29"
            there = f"src={each.source} dst={each.target} sport={each.source_port} dport={each.target_port}"
            back = f"src={each.host} dst={each.source} sport={each.host_port} dport={each.source_port}"
            streams.say(f"{kind} {there} {back} [ASSURED] mark=0 use=1")
        streams.say("end")

    def _end_sessions(self, streams: Streams) -> None:
        wanted = {tuple(line.split()) for line in streams.given.read().decode("ascii", "replace").splitlines()}
        self._machine.live[:] = [
            each
            for each in self._machine.live
            if (each.protocol, str(each.source), str(each.source_port), str(each.target), str(each.target_port))
            not in wanted
        ]
        streams.say("ended")

    def _stage(self, streams: Streams) -> None:
        try:
            with tarfile.open(fileobj=io.BytesIO(streams.given.read())) as archive:
                found = {
                    member.name.removeprefix("./"): file.read()
                    for member in archive
                    if (file := archive.extractfile(member)) is not None
                }
        except tarfile.TarError:
            raise Fail(6, "cannot take the documents: no room?") from None
        if foreign := [each for each in found if each not in PLACES]:
            streams.say("\n".join(foreign))
            raise Fail(1, "this is no document of ours")
        if self._tree.full:
            raise Fail(6, "cannot take the documents: no room?")
        self._put_set("staged", found)
        streams.say(f"staged {digest_of(found)}")

    def _check(self, told: bytearray) -> None:
        bad = False
        for name, text in sorted(self._set("staged").items()):
            words = self._machine.check(name, text)
            bad |= bool(words)
            told += f"{name}: {f'refused: {words}' if words else 'ok'}\n".encode("utf-8", "surrogateescape")
        if bad:
            raise Fail(2, "")

    def _apply(self, arguments: list[str], streams: Streams) -> None:
        staged = self._set("staged")
        wanted = arguments[3] if len(arguments) > 3 else digest_of(staged)
        base, pending = arguments[2], self._pending
        if pending == wanted and not self._back:
            streams.say(f"pending {wanted}")
            return
        self.drills.refuse_change()
        if pending:
            raise Fail(4, f"another set is pending, or it is going back: {pending}")
        if not staged:
            raise Fail(1, "nothing is staged")
        if digest_of(staged) != wanted:
            raise Fail(5, "somebody else staged something in between")
        live = digest_of(in_place(self._tree))
        if live != base:
            raise Fail(3, f"in force is {live}, not {base}: somebody changed this router")
        self._check(streams.err)
        try:
            self._tree.write(BALLAST, b"ballast")
            if self._confirmed != base:
                self._put_set(f"sets/{base}", in_place(self._tree))
                self._tree.write(CONFIRMED, f"{base}\n".encode())
            self._put_set(f"sets/{wanted}", staged)
        except NoRoom:
            self._tree.remove(BALLAST)
            raise Fail(6, "no room on the disk; nothing was changed") from None
        self._tree.remove(f"{STATE}/staged")
        self._prune(base, wanted)
        self._begun, self._seconds = self._machine.now(), int(arguments[1])
        self._deadline = self._begun + timedelta(seconds=self._seconds)
        self._settled, self._back = False, ""
        self._tree.write(OUTCOME, b"waits to be confirmed\n")
        self._tree.write(PENDING, f"{wanted}\n".encode())
        streams.say(f"pending {wanted}")

    def _confirm(self, digest: str, streams: Streams) -> None:
        pending, confirmed = self._pending, self._confirmed
        if not pending and confirmed == digest:
            streams.say(f"confirmed {digest}")
            return
        if pending != digest:
            raise Fail(4, f"pending is {pending or 'nothing'}, confirmed is {confirmed or 'nothing'}")
        if not self._settled or self._back:
            raise Fail(1, "not wholly in force, or going back")
        live = digest_of(in_place(self._tree))
        if live != digest:
            raise Fail(3, f"in force is {live}, not {digest}: somebody changed this router")
        self._tree.move(PENDING, CONFIRMED)
        self._tree.remove(BALLAST)
        self._tell("confirmed")
        streams.say(f"confirmed {digest}")

    def _abandon(self, streams: Streams) -> None:
        if self._pending:
            self._go_back("abandoned")
        streams.say(f"confirmed {self._confirmed}")

    def _status(self, streams: Streams) -> None:
        pending = self._pending
        end = ""
        if pending:
            end = str(int((self._deadline or self._machine.now()).timestamp()))
        told = {
            "confirmed": self._confirmed,
            "pending": pending,
            "deadline": end,
            "live": digest_of(in_place(self._tree)),
            "settled": "yes" if self._settled or not pending else "no",
            "outcome": self._text(OUTCOME),
        }
        for name, value in told.items():
            streams.say(f"{name}: {value}")

    def _fetch(self, streams: Streams) -> None:
        held = io.BytesIO()
        with tarfile.open(fileobj=held, mode="w") as archive:
            for name, text in in_place(self._tree).items():
                member = tarfile.TarInfo(f"./{name}")
                member.size, member.mode = len(text), 0o600
                archive.addfile(member, io.BytesIO(text))
        streams.out += held.getvalue()

    # --- what happens by itself ---

    def tick(self) -> None:
        """Do what is due until now."""
        pending = self._pending
        if not pending or self._begun is None or self._deadline is None:
            return
        now = self._machine.now()
        if not self._settled and now >= self._begun + SETTLES:
            failed = self._put_in_force(self._set(f"sets/{pending}"))
            if failed:
                self._go_back(failed)
                return
            self._settled = True
        if now >= self._deadline:
            self._go_back(f"not confirmed within {self._seconds} s")

    def boot(self) -> None:
        """Go back to what was confirmed, when something was pending; load what stands in its place."""
        self._begun = self._deadline = None
        if self._pending:
            self._go_back("the router restarted before it was confirmed")
        for name, text in in_place(self._tree).items():
            self._machine.load(name, text)

    def _go_back(self, why: str) -> None:
        self._tree.remove(BALLAST)
        failed = self._put_in_force(self._set(f"sets/{self._confirmed}"), force=True)
        self._tell(f"went back: {why}" + (f"; but {failed}" if failed else ""))
        self._tree.remove(PENDING)
        self._begun = self._deadline = None
        self._settled, self._back = False, ""

    def _put_in_force(self, wanted: Mapping[str, bytes], *, force: bool = False) -> str:
        """Put a set in force; return what failed, the first of it, and what came before stays."""
        present, failures = in_place(self._tree), []
        for name, place in PLACES.items():
            text = wanted.get(name)
            if present.get(name) == text:
                continue
            full, self._tree.full = self._tree.full, self._tree.full and not force
            try:
                if text is not None:
                    self._tree.make_folder(place.path.rpartition("/")[0])
                    self._tree.write(place.path, text, place.mode)
                if said := self._machine.load(name, text):
                    failures.append(f"{name}: {said}")
                if text is None:
                    self._tree.remove(place.path)
            except NoRoom:
                failures.append(f"{name}: cp: error writing '{place.path}.new': No space left on device")
            finally:
                self._tree.full = full
            if failures and not force:
                break
        return " ".join(failures)

    # --- files ---

    @property
    def _pending(self) -> str:
        return self._text(PENDING)

    @property
    def _confirmed(self) -> str:
        return self._text(CONFIRMED)

    def _text(self, path: str) -> str:
        return self._tree.read(path).decode().strip() if path in self._tree.files else ""

    def _tell(self, outcome: str) -> None:
        full, self._tree.full = self._tree.full, False
        self._tree.write(OUTCOME, f"{outcome}\n".encode("utf-8", "surrogateescape"))
        self._tree.full = full

    def _set(self, name: str) -> dict[str, bytes]:
        folder = f"{STATE}/{name}/"
        return {each: self._tree.read(folder + each) for each in PLACES if folder + each in self._tree.files}

    def _put_set(self, name: str, documents: Mapping[str, bytes]) -> None:
        folder = f"{STATE}/{name}"
        self._tree.remove(folder)
        self._tree.make_folder(folder)
        for each, text in documents.items():
            self._tree.write(f"{folder}/{each}", text, 0o600)

    def _prune(self, *stay: str) -> None:
        inside = f"{STATE}/sets/"
        sets = list(
            dict.fromkeys(
                each.removeprefix(inside).split("/")[0] for each in self._tree.files if each.startswith(inside)
            )
        )
        for old in [each for each in sets if each not in stay][: -KEPT_SETS or None]:
            self._tree.remove(inside + old)
