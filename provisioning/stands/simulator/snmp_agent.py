"""The SNMP agent of a simulated router: SNMPv3 with authentication and privacy, read only (RFC 3412, RFC 3414)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from provisioning.stands.simulator import ber, usm

GET, GET_NEXT, RESPONSE, GET_BULK, REPORT = 0xA0, 0xA1, 0xA2, 0xA5, 0xA8
AUTHENTICATED, PRIVATE, REPORTABLE = 1, 2, 4
USER_SECURITY = 3
MOST = 65507
WINDOW_SECONDS = 150
MOST_ROWS = 50

UNKNOWN_ENGINE = (1, 3, 6, 1, 6, 3, 15, 1, 1, 4, 0)
NOT_IN_WINDOW = (1, 3, 6, 1, 6, 3, 15, 1, 1, 2, 0)
UNKNOWN_USER = (1, 3, 6, 1, 6, 3, 15, 1, 1, 3, 0)
WRONG_DIGEST = (1, 3, 6, 1, 6, 3, 15, 1, 1, 5, 0)
UNSUPPORTED_LEVEL = (1, 3, 6, 1, 6, 3, 15, 1, 1, 1, 0)

SYSTEM = (1, 3, 6, 1, 2, 1, 1)
IF_DESCR, IF_OPER_STATUS = (1, 3, 6, 1, 2, 1, 2, 2, 1, 2), (1, 3, 6, 1, 2, 1, 2, 2, 1, 8)
IF_NAME = (1, 3, 6, 1, 2, 1, 31, 1, 1, 1, 1)
UP, DOWN = 1, 2

Oid = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Message:
    """A message, as far as it is read before anything of it is believed."""

    identity: bytes
    flags: int
    engine: bytes
    boots: int
    seconds: int
    user: str
    mac: bytes
    salt: bytes
    data: tuple[int, bytes]
    whole: bytes


@dataclass(frozen=True, slots=True)
class _Keys:
    authentication: bytes
    privacy: bytes


@dataclass(frozen=True, slots=True)
class Managed:
    """What an agent tells, and whom.

    Attributes:
        phrases: returns a user's pass phrases of authentication and privacy (SHA-1, AES-128); None for nobody.
        system: objects of the group `system` that are text, by their number (RFC 3418).
        interfaces: whether each is up, by its description.
        short: the names of those that have one besides (ifName, RFC 2863), by description.
    """

    phrases: Callable[[str], tuple[str, str] | None]
    system: Mapping[int, str]
    interfaces: Mapping[str, bool]
    short: Mapping[str, str] = field(default_factory=dict)


class Agent:
    """The agent of one router.

    Args:
        engine: id of its engine (RFC 3411, 5).
        begun: when it was started.
    """

    def __init__(self, engine: bytes, begun: datetime) -> None:
        self._engine = engine
        self._begun = begun
        self._boots = 1

    def answer(self, data: bytes, managed: Managed, now: datetime) -> bytes | None:
        """Return the answer to a datagram; None for silence."""
        try:
            message = _read(data)
            return self._answer(message, managed, max(0, int((now - self._begun).total_seconds())))
        except (ValueError, IndexError):
            return None

    def _answer(self, message: _Message, managed: Managed, seconds: int) -> bytes | None:
        if message.engine != self._engine:
            return self._report(message, UNKNOWN_ENGINE, seconds)
        keys = self._keys(managed, message.user)
        if keys is None:
            return self._report(message, UNKNOWN_USER, seconds)
        if message.flags & (AUTHENTICATED | PRIVATE) != AUTHENTICATED | PRIVATE:
            return self._report(message, UNSUPPORTED_LEVEL, seconds)
        blank = message.whole.replace(message.mac, bytes(usm.MAC_BYTES), 1)
        if len(message.mac) != usm.MAC_BYTES or usm.mac(keys.authentication, blank) != message.mac:
            return self._report(message, WRONG_DIGEST, seconds)
        if message.boots != self._boots or abs(message.seconds - seconds) > WINDOW_SECONDS:
            return self._report(message, NOT_IN_WINDOW, seconds, keys)
        tag, secret = message.data
        if tag != ber.OCTETS:
            return None
        plain = usm.decrypted(keys.privacy, message.boots, message.seconds, message.salt, secret)
        _, scoped, _ = ber.read(plain)
        (_, context), (_, context_name), (kind, pdu) = ber.parts(scoped)
        answer = _answered(kind, pdu, _objects(managed, seconds))
        head = ber.written(ber.OCTETS, context) + ber.written(ber.OCTETS, context_name)
        return self._sealed(message, ber.written(ber.SEQUENCE, head, answer), keys, seconds)

    def _keys(self, managed: Managed, user: str) -> _Keys | None:
        phrases = managed.phrases(user)
        return _Keys(*(usm.localized_key(each, self._engine) for each in phrases)) if phrases is not None else None

    def _report(self, message: _Message, counter: Oid, seconds: int, keys: _Keys | None = None) -> bytes:
        value = ber.written(ber.SEQUENCE, ber.oid(counter), ber.integer(1, ber.COUNTER))
        pdu = ber.written(REPORT, ber.integer(0), ber.integer(0), ber.integer(0), ber.written(ber.SEQUENCE, value))
        scoped = ber.written(ber.SEQUENCE, ber.written(ber.OCTETS, self._engine), ber.written(ber.OCTETS, b""), pdu)
        # A report on the time is authenticated, or nobody may believe it (RFC 3414, 3.2, 7a).
        flags = AUTHENTICATED if keys is not None else 0
        return self._packed(message, flags, scoped, seconds, keys, b"")

    def _sealed(self, message: _Message, scoped: bytes, keys: _Keys, seconds: int) -> bytes:
        salt = usm.new_salt()
        secret = usm.encrypted(keys.privacy, self._boots, seconds, salt, scoped)
        sealed = ber.written(ber.OCTETS, secret)
        return self._packed(message, AUTHENTICATED | PRIVATE, sealed, seconds, keys, salt)

    def _packed(
        self, message: _Message, flags: int, data: bytes, seconds: int, keys: _Keys | None, salt: bytes
    ) -> bytes:
        def whole(mac: bytes) -> bytes:
            security = ber.written(
                ber.SEQUENCE,
                ber.written(ber.OCTETS, self._engine),
                ber.integer(self._boots),
                ber.integer(seconds),
                ber.written(ber.OCTETS, message.user.encode()),
                ber.written(ber.OCTETS, mac),
                ber.written(ber.OCTETS, salt),
            )
            head = ber.written(
                ber.SEQUENCE,
                ber.written(ber.INTEGER, message.identity),
                ber.integer(MOST),
                ber.written(ber.OCTETS, bytes([flags])),
                ber.integer(USER_SECURITY),
            )
            return ber.written(ber.SEQUENCE, ber.integer(3), head, ber.written(ber.OCTETS, security), data)

        if not flags & AUTHENTICATED or keys is None:
            return whole(b"")
        return whole(usm.mac(keys.authentication, whole(bytes(usm.MAC_BYTES))))


def _read(data: bytes) -> _Message:
    _, content, _ = ber.read(data)
    (_, version), (_, head), (_, security), scoped = ber.parts(content)
    if ber.number(version) != 3:
        raise ber.Malformed("another version")
    (_, identity), _, (_, flags), (_, model) = ber.parts(head)
    if ber.number(model) != USER_SECURITY:
        raise ber.Malformed("another security model")
    _, inner, _ = ber.read(security)
    (_, engine), (_, boots), (_, seconds), (_, user), (_, mac), (_, salt) = ber.parts(inner)
    return _Message(
        identity, flags[0], engine, ber.number(boots), ber.number(seconds), user.decode(), mac, salt, scoped, data
    )


def _objects(managed: Managed, seconds: int) -> dict[Oid, bytes]:
    """Return the values of all objects, as they are written."""
    found: dict[Oid, bytes] = {
        (*SYSTEM, number, 0): ber.written(ber.OCTETS, value.encode()) for number, value in managed.system.items()
    }
    found[(*SYSTEM, 3, 0)] = ber.integer(seconds * 100, ber.TICKS)
    for index, (name, is_up) in enumerate(managed.interfaces.items(), 1):
        found[(*IF_DESCR, index)] = ber.written(ber.OCTETS, name.encode())
        found[(*IF_NAME, index)] = ber.written(ber.OCTETS, managed.short.get(name, name).encode())
        found[(*IF_OPER_STATUS, index)] = ber.integer(UP if is_up else DOWN)
    return dict(sorted(found.items()))


def _answered(kind: int, pdu: bytes, objects: Mapping[Oid, bytes]) -> bytes:
    (_, identity), (_, second), (_, third), (_, bindings) = ber.parts(pdu)
    asked = [ber.numbers(ber.parts(each)[0][1]) for _, each in ber.parts(bindings)]
    match kind:
        case 0xA0:
            found = [_got(each, objects) for each in asked]
        case 0xA1:
            found = [_following(each, objects) for each in asked]
        case 0xA5:
            found = _bulk(asked, ber.number(second), ber.number(third), objects)
        case _:
            raise ber.Malformed("it only reads")
    values = [ber.written(ber.SEQUENCE, ber.oid(each), value) for each, value in found]
    return ber.written(
        RESPONSE,
        ber.written(ber.INTEGER, identity),
        ber.integer(0),
        ber.integer(0),
        ber.written(ber.SEQUENCE, *values),
    )


def _got(asked: Oid, objects: Mapping[Oid, bytes]) -> tuple[Oid, bytes]:
    return asked, objects.get(asked, ber.written(ber.NO_SUCH_INSTANCE))


def _following(asked: Oid, objects: Mapping[Oid, bytes]) -> tuple[Oid, bytes]:
    name = next((each for each in objects if each > asked), None)
    return (asked, ber.written(ber.END_OF_VIEW)) if name is None else (name, objects[name])


def _bulk(asked: Sequence[Oid], once: int, times: int, objects: Mapping[Oid, bytes]) -> list[tuple[Oid, bytes]]:
    found = [_following(each, objects) for each in asked[:once]]
    row = list(asked[once:])
    for _ in range(min(times, MOST_ROWS)):
        some = [_following(each, objects) for each in row]
        found += some
        row = [name for name, _ in some]
    return found
