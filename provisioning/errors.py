"""Everything that Proviso raises on purpose.

ProvisoError                       exit code
├── BadInput (ValueError)              2   what was handed in cannot be read or used
│   ├── UnreadableForm                     an order form
│   ├── UnreadableProject                  nornir.yaml, inventory, pools.yaml, a setting
│   ├── UnreadablePlaybook                 a playbook that is wrong, with line and reason
│   ├── UnreadableSignature                text that is no signature, or allowed signers that are none
│   ├── UnreadablePool                     a pool's prefix or option
│   ├── UnusableTemplate                   a template of the project that cannot be rendered
│   ├── CannotEncode                       a value that a document's notation cannot say
│   └── UnknownName (LookupError)          a line, pool or formula that does not exist
├── Refused                            1   the answer is no, and nothing was changed
│   ├── PoolRefused                        a pool that must not be added
│   ├── PoolExhausted                      no block of that size is free
│   ├── NothingToRelease                   the line holds no such assignment
│   ├── LabDiffers                         a lab of another size is up already
│   ├── SimulatorDiffers                   a simulator of another size is up already
│   ├── ApprovalRefused                    a signature that approves nothing
│   ├── DeviceRefused                      the device did not take it; a router is as before
│   ├── DeviceMoved                        somebody changed the device after it was planned
│   ├── PlanVoid                           what was approved is not what would be done any more
│   ├── ScopeBusy                          another run is changing the same line or device
│   └── Stopped                            it was told to stop, and turned back
├── EnvironmentTrouble (OSError)       3   the place where we run does not let us
│   ├── StoreLocked                        another process kept the store for too long
│   ├── StoreUnusable                      no permission, no space, damaged
│   ├── StoreTooNew                        written by a later Proviso
│   ├── LabUnable                          the lab cannot run here, or a part of it did not start
│   ├── LabDown                            the lab is not up
│   ├── SimulatorUnable                    the simulator cannot run here, or did not start
│   ├── SimulatorDown                      the simulator is not up
│   ├── SigningUnable                      ssh-keygen is not there, or does not do what it is asked
│   ├── ExecutorLives                      another process carries out what was to be taken over
│   ├── DeviceUnreachable                  no connection, or it was lost
│   │   ├── DeviceTimeout                      it is there, and did not answer in time
│   │   ├── AuthenticationRefused              it is there, and does not let us in
│   │   ├── NoSessionFree                      it is there, and others have all its sessions
│   │   └── ProxyTrouble                       the proxy that leads there cannot be used
│   ├── AnswerNotUnderstood                an answer that was cut, or in words that we do not know
│   ├── HostKeyDiffers                     not the machine that it was, or says that it is
│   └── VantageTrouble                     an observation cannot be made from there
└── OutcomeUnknown                     4   a person must look
"""

from enum import IntEnum


class ExitCode(IntEnum):
    """What every command answers, everywhere and for ever."""

    DONE = 0
    REFUSED = 1
    BAD_INPUT = 2
    ENVIRONMENT = 3
    UNKNOWN = 4


class ProvisoError(Exception):
    """Something that a person can act on.

    Args:
        what: what is wrong, one sentence.
        where: the file and line, host, setting or stage it concerns.
        remedy: what to do about it.
    """

    exit_code: ExitCode = ExitCode.UNKNOWN

    def __init__(self, what: str, *, where: str = "", remedy: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.where}: {self.what}" if self.where else self.what


class BadInput(ProvisoError, ValueError):
    """What was handed in cannot be read or used."""

    exit_code = ExitCode.BAD_INPUT


class UnreadableForm(BadInput):
    """An order form that is no order form: syntax, unknown keys, wrong types, hostile size."""


class UnreadableProject(BadInput):
    """A file of the project in use, or a setting, that cannot be used."""


class UnreadablePlaybook(BadInput):
    """A playbook that is wrong, or not made for what it was chosen for."""


class UnreadableSignature(BadInput):
    """Text that is no SSH signature, or a file of allowed signers that cannot be used."""


class UnreadablePool(BadInput):
    """A pool whose prefix or options make no sense."""


class UnusableTemplate(BadInput):
    """A template that names what is not there, places what nobody encoded, or is no template."""


class CannotEncode(BadInput):
    """A value that cannot be written into a document without meaning something else."""


class UnknownName(BadInput, LookupError):
    """A name given on the command line that nothing answers to."""


class Refused(ProvisoError):
    """The answer is no; nothing was changed."""

    exit_code = ExitCode.REFUSED


class PoolRefused(Refused):
    """A pool that must not be added: wrong family, overlap, special-purpose space."""


class PoolExhausted(Refused):
    """No free block of the wanted size is left in any pool of that purpose."""


class NothingToRelease(Refused):
    """The line holds no assignment of that role."""


class LabDiffers(Refused):
    """A lab is up already, and not of the size that is asked for."""


class SimulatorDiffers(Refused):
    """A simulator is up already, and not of the size that is asked for."""


class ApprovalRefused(Refused):
    """A signature that approves nothing: of another key, text, time or role, or of whoever asked himself."""


class DeviceRefused(Refused):
    """A device did not take what it was given. A router is as it was before; an OLT has what came before it."""


class DeviceMoved(Refused):
    """What is in force on the device is not what the change was computed from."""


class PlanVoid(Refused):
    """The plan of a change request holds no more: router or line are not what it was made for; nothing was changed."""


class ScopeBusy(Refused):
    """Another run is changing the same line or device."""


class Stopped(Refused):
    """Whoever asked for it wanted it to stop; every device is as before."""


class EnvironmentTrouble(ProvisoError, OSError):
    """The machine, the disk or another process is in the way."""

    exit_code = ExitCode.ENVIRONMENT

    # OSError would print its own (empty) errno text.
    __str__ = ProvisoError.__str__


class StoreLocked(EnvironmentTrouble):
    """Another process held the store longer than the lock timeout."""


class StoreUnusable(EnvironmentTrouble):
    """The store cannot be opened or written."""


class StoreTooNew(EnvironmentTrouble):
    """The store was written by a later version of Proviso."""


class LabUnable(EnvironmentTrouble):
    """The lab cannot run on this machine, or a part of it did not start."""


class LabDown(EnvironmentTrouble):
    """The lab is not up, and the command needs it."""


class SimulatorUnable(EnvironmentTrouble):
    """The simulator cannot run on this machine, did not start, or does not answer."""


class SimulatorDown(EnvironmentTrouble):
    """The simulator is not up, and the command needs it."""


class SigningUnable(EnvironmentTrouble):
    """The program `ssh-keygen` is not there, or does not do what it is asked."""


class ExecutorLives(EnvironmentTrouble):
    """The process whose runs were to be taken over lives, or another one has just taken them over."""


class DeviceUnreachable(EnvironmentTrouble):
    """A device or vantage point cannot be reached, or the connection was lost."""


class DeviceTimeout(DeviceUnreachable):
    """A device did not answer in time; whether it did what it was asked is not known."""


class AuthenticationRefused(DeviceUnreachable):
    """A device or vantage point answers, and does not let us in with the account that we have."""


class NoSessionFree(DeviceUnreachable):
    """All sessions that a device allows at once are taken; one is free when another ends."""


class ProxyTrouble(DeviceUnreachable):
    """The proxy that leads to devices does not answer, or does not let us in."""


class AnswerNotUnderstood(EnvironmentTrouble):
    """A device's answer was cut, or is in words that we do not know: never taken for an empty one."""


class HostKeyDiffers(EnvironmentTrouble):
    """A machine's host key is not the one on record."""


class VantageTrouble(EnvironmentTrouble):
    """An observation cannot be made from a vantage point."""


class OutcomeUnknown(ProvisoError):
    """Nobody can say from here what happened: a person must look."""

    exit_code = ExitCode.UNKNOWN


_CAUSES: "tuple[tuple[type[ProvisoError], str], ...]" = (
    (HostKeyDiffers, "host key"),
    (AuthenticationRefused, "authentication"),
    (DeviceTimeout, "timeout"),
    (DeviceUnreachable, "unreachable"),
    (DeviceRefused, "rejected"),
    (DeviceMoved, "moved"),
    (PlanVoid, "void"),
    (ScopeBusy, "busy"),
    (Stopped, "stopped"),
    (Refused, "refused"),
    (BadInput, "input"),
    (AnswerNotUnderstood, "not understood"),
    (EnvironmentTrouble, "environment"),
)


def cause_of(error: ProvisoError) -> str:
    """Return of which kind a trouble is, in a word or two: people sort a batch by it."""
    return next((cause for kind, cause in _CAUSES if isinstance(error, kind)), "unknown")


def unreadable(error: OSError, kind: type[BadInput], where: str) -> ProvisoError:
    """Return the error for a file that cannot be read: the environment's if we may not, else of `kind`."""
    reason = (error.strerror or "cannot be read").lower()
    if isinstance(error, PermissionError):
        return EnvironmentTrouble(reason, where=where, remedy="Check its permissions.")
    return kind(reason, where=where, remedy="Check the path.")
