"""The words of a proof: every kind of check and every finding, once, so that reports can have them translated."""

from enum import StrEnum


class CheckKind(StrEnum):
    """What is checked."""

    OPENING = "opening"
    SCAN = "scan"
    PORT_23 = "port-23"
    LEASE = "lease"
    NAT = "nat"
    SLAAC = "slaac"
    DNS = "dns"
    CUSTOMER_FIREWALL = "customer-firewall"
    ROUTED_BLOCK = "routed-block"
    SOURCE_FILTER = "source-filter"
    THROUGHPUT = "throughput"
    LATENCY = "latency"
    LOSS = "loss"
    MTU = "mtu"
    MANAGEMENT = "management"
    ONT = "ont"
    CONFIGURATION = "configuration"
    SHUT = "shut"
    AS_BEFORE = "as-before"
    SESSION_SURVIVES = "session-survives"
    SESSION_ENDED = "session-ended"


class Found(StrEnum):
    """What was found; each is a message id of the translations."""

    # Nobody could tell.
    NOBODY_COULD_LOOK = "nobody could look from there"
    COULD_NOT_TELL = "what was seen tells nothing"
    SILENT = "silent: open and filtered look the same"

    # Openings (facts: X-9).
    RIGHT_HOST = "answered at the right host"
    ANSWERED = "answered, and nobody could look at which host"
    LET_THROUGH = "let through, nobody answers"
    SHUT = "shut"
    WRONG_HOST = "answered at another host"
    STOPPED = "refused before it reached the host"

    # Scans, and port 23.
    NOTHING_ELSE_OPEN = "nothing is open but what was ordered"
    MORE_OPEN = "more is open than was ordered"
    SHUT_EVERYWHERE = "shut on every address"
    NOT_SHUT = "not shut"

    SHUT_TO_THEM = "shut to those who may not connect"

    # What a change leaves as it was, and what it ends.
    AS_BEFORE = "everything else answers as before"
    NOT_AS_BEFORE = "something that nobody asked for has changed"
    SESSION_LIVES = "a session went on through the change"
    SESSION_BROKE = "a session broke with the change"
    SESSION_DEAD = "the session has ended"
    SESSION_STAYS = "the session goes on"

    # LAN.
    LEASE_IN_POOL = "an address of the pool"
    LEASE_OUTSIDE = "an address outside the pool"
    NO_LEASE = "no address was lent"
    SEEN_AS_ORDERED = "seen outside with the line's own address"
    SEEN_OTHERWISE = "seen outside with another address"
    NO_WAY_OUT = "the internet was not reached"
    OWN_PREFIX = "an address of the line's prefix, and the internet is reached with it"
    OTHER_PREFIX = "an address outside the line's prefix"
    NO_ADDRESS = "no address came"
    NAMES_RESOLVE = "names are resolved"
    NAMES_DO_NOT_RESOLVE = "names are not resolved"
    ARRIVES_AT_FIREWALL = "arrives at the customer's firewall"
    DOES_NOT_ARRIVE = "does not arrive at the customer's firewall"
    FOREIGN_DROPPED = "foreign source addresses do not get out"
    FOREIGN_PASSED = "foreign source addresses get out"

    # Performance (facts: I-7.2).
    AS_ORDERED = "as ordered"
    BELOW_ORDERED = "below what was ordered"
    SCALED = "measured up to what the stand carries"
    MEASURED = "measured, nothing is promised"
    ANSWERS = "answers"
    NO_ANSWER = "no answer"
    NO_LOSS = "nothing was lost"
    LOSS = "packets were lost"
    WHOLE_PACKETS = "packets of full size pass whole"
    SMALLER_PACKETS = "only smaller packets pass whole"

    # Management.
    MANAGED = "reads as the line that it is"
    OTHER_LINE = "names itself as something else"
    BEARER_DOWN = "the bearer is down"

    # What the configuration in force says, told by the evaluator.
    LET_IN = "let in, to the right host"
    LED_ELSEWHERE = "led elsewhere"
    LEAVES_AS_ORDERED = "leaves with the line's own address"
    LEAVES_OTHERWISE = "leaves with another address"
    LEAVES_NOT = "does not get out"
    LED_TO_FIREWALL = "led to the customer's firewall"
    LENDS_AS_ORDERED = "lends addresses of the pool only"
    CONTRADICTED = "what was seen and what the configuration says differ"
    IN_FORCE = "in force as it was planned"
    OTHER_IN_FORCE = "something else is in force than was planned"

    # Access (facts: X-13).
    ONT_AS_ORDERED = "up, with what was ordered"
    ONT_DOWN = "not up"
    ONT_DIFFERS = "has something else than what was ordered"
    NO_ONT = "no ONT is there"
