"""Reports of nights to show: none yet, one, sixty over ten thousand lines, and one that somebody hostile wrote in."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from acceptances import HOSTILE

from provisioning.model.backup import BackupCause, Night, ProofOutcome
from provisioning.model.nightly import (
    DriftingLine,
    FailedBackup,
    NightlyReport,
    ProvenLine,
    RemarkedLine,
    SizedBackup,
)

MORNING = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
LAST = datetime(2026, 11, 23, 0, 32, 5, tzinfo=UTC)
FLEET, FAILED = 10_000, 300

_CAUSES = (
    ("unreachable", 212, "198.18.7.21: no connection within 4 s"),
    ("timeout", 61, "198.18.9.4: no answer within 30 s"),
    ("incomplete", 14, "the DHCP pool is missing in dnsmasq.conf"),
    ("authentication", 9, "198.18.3.77: the router lets nobody in with that key"),
    ("host key", 4, "198.18.2.5: the host key is not the one on record"),
)


def night(number: int, days_ago: int, total: int, missed: int, **more: object) -> Night:
    """Return a night that ended."""
    began = LAST - timedelta(days=days_ago)
    seconds = 20 + total * 0.021 + days_ago % 7
    found = Night(
        id=f"B-{number}",
        cause=BackupCause.NIGHTLY,
        started_at=began,
        ended_at=began + timedelta(seconds=seconds),
        total=total,
        kept=(total - missed) // 100,
        unchanged=total - missed - (total - missed) // 100,
        missed=missed,
        bytes=(total - missed) * (8_200 + days_ago * 3),
        seconds=seconds,
    )
    return replace(found, **more)  # type: ignore[arg-type]


def no_night() -> NightlyReport:
    """Return the report of a store that knows no night."""
    return NightlyReport(MORNING, None, True, 0, 0, (), (), 0, None, 0, (), 0, (), (), ())


def one_night() -> NightlyReport:
    """Return the report of a first night over four lines, all of which were backed up."""
    only = night(1, 0, 4, 0, kept=4, unchanged=0)
    proofs = tuple(proof(each, None) for each in range(1, 5))
    return replace(
        no_night(),
        night=only,
        nights=(only,),
        in_scope=4,
        backed_up=4,
        proofs=proofs,
        size=32_800,
        largest=tuple(SizedBackup(f"L-{each}", "Imprimerie Exemple", 8_500 - each) for each in range(1, 5)),
    )


def proof(line: int, days: float | None, outcome: ProofOutcome = ProofOutcome.RESTORED) -> ProvenLine:
    """Return the latest proof of a line, so many days old; None for none."""
    return ProvenLine(
        line=f"L-{line}",
        customer=f"Klant {line} bv",
        platform="cisco_iosxe" if line % 3 else "linux_cpe",
        at=None if days is None else MORNING - timedelta(days=days),
        outcome=None if days is None else outcome,
        message="" if outcome is ProofOutcome.RESTORED else "running-config differs in 2 lines after the restore",
    )


def large() -> NightlyReport:
    """Return the report of the sixtieth night over ten thousand lines, three hundred of which were missed."""
    nights = tuple(
        night(
            60 - ago, ago, FLEET - ago * 20, FAILED if ago == 0 else 40 + (ago * 37) % 90 + (900 if ago == 23 else 0)
        )
        for ago in reversed(range(60))
    )
    failures: list[FailedBackup] = []
    for cause, number, message in _CAUSES:
        for each in range(number):
            line = 17 + len(failures) * 31
            since = None if each % 40 == 39 else LAST - timedelta(days=each % 4)
            good = None if each % 25 == 24 else LAST - timedelta(days=each % 4 + 1)
            failures.append(
                FailedBackup(f"L-{line}", f"Klant {line} bv", f"LX{line:05}", "linux_cpe", cause, message, since, good)
            )
    assert len(failures) == FAILED
    proofs = [proof(each, (each * 7919) % 120 + 0.3 if each % 10 else None) for each in range(1, FLEET + 1)]
    for each in (11, 412):
        proofs[each - 1] = proof(each, 0.2, ProofOutcome.DIFFERS)
    drifting = tuple(
        DriftingLine(f"L-{each}", f"Klant {each} bv", f"LX{each:05}", LAST - timedelta(days=30 - each), "dnsmasq.conf")
        for each in range(1, 8)
    )
    return NightlyReport(
        at=MORNING,
        night=nights[-1],
        latest=True,
        in_scope=FLEET,
        backed_up=FLEET - 12,
        failures=tuple(failures),
        proofs=tuple(proofs),
        drift_looked=9_640,
        drift_looked_at=LAST + timedelta(hours=1),
        drift_unseen=288,
        drifting=drifting,
        size=83_400_000,
        largest=tuple(SizedBackup(f"L-{each}", f"Klant {each} bv", 61_000 - each * 900) for each in range(1, 6)),
        remarks=tuple(
            RemarkedLine(f"L-{each}", f"Klant {each} bv", f"FGL{each:08}", remark)
            for remark, number in (("slow key exchange: diffie-hellman-group14-sha1", 41), ("withheld: ppp.conf", 1))
            for each in range(1, number + 1)
        ),
        nights=nights,
    )


def hostile() -> NightlyReport:
    """Return a report in which customers and routers wrote whatever they could."""
    report = large()
    failures = tuple(
        replace(each, customer=text, serial=text, message=text)
        for each, text in zip(report.failures, HOSTILE, strict=False)
    )
    drifting = tuple(
        replace(each, customer=text, where=text) for each, text in zip(report.drifting, HOSTILE, strict=False)
    )
    remarks = tuple(RemarkedLine("L-1", text, text, text) for text in HOSTILE)
    largest = tuple(SizedBackup("L-1", text, 9) for text in HOSTILE)
    proofs = tuple(replace(proof(1, 1, ProofOutcome.FAILED), customer=text, message=text) for text in HOSTILE)
    return replace(report, failures=failures, drifting=drifting, remarks=remarks, largest=largest, proofs=proofs)
