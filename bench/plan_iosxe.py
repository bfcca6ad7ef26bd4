"""What planning the change of a Cisco router costs, with an access list of 2,000 entries and with a whole line."""

import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

ENTRIES = 2000
TIMES = 5

Documents = Mapping[str, str]


def cost(action: Callable[[], object]) -> float:
    """Return the milliseconds of CPU of one call, the first call left out."""
    action()
    begun = time.process_time()
    for _ in range(TIMES):
        action()
    return (time.process_time() - begun) * 1000 / TIMES


def with_list(name: str, first: int) -> Documents:
    """Return a router's documents with a long list on its fixed bearer, named by its content or not."""
    entries = "".join(f" {10 * (n + 1)} permit tcp any host 192.0.2.1 eq {first + n}\n" for n in range(ENTRIES))
    use = f"interface GigabitEthernet0/0/0\n ip access-group {name} in\n"
    return {"running-config": f"ip access-list extended {name}\n{entries}{use}"}


def bare(documents: Documents) -> object:
    """Read a configuration with hier_config alone, by its own driver of the platform."""
    from hier_config import Platform, get_hconfig

    return get_hconfig(Platform.CISCO_IOS, documents["running-config"])


def imports() -> float:
    """Return the milliseconds of CPU that importing hier_config takes, beside a bare process."""
    return _process("import hier_config") - _process("pass")


def _process(code: str) -> float:
    script = f"{code}\nimport time\nprint(time.process_time())"
    times = (
        subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True) for _ in range(3)
    )
    return min(float(each.stdout) for each in times) * 1000


def main() -> None:
    """Measure plans there and back, each beside reading both states with hier_config alone."""
    from iosxe_renderings import cisco_config

    from provisioning.platforms.cisco_iosxe.differ import remediate

    short, long = ({each.name: each.reveal() for each in cisco_config(name).documents} for name in LINES)
    for what, before, after in (
        (f"another list of {ENTRIES} entries", with_list("IN4-00000001", 1), with_list("IN4-00000002", 2)),
        (f"{ENTRIES} entries of a list that keeps its name", with_list("LIST", 1), with_list("LIST", 2)),
        ("one line into another", short, long),
    ):
        ours = cost(lambda before=before, after=after: remediate(before, after))  # type: ignore[misc]  # mypy infers no default of a lambda
        floor = cost(lambda before=before, after=after: (bare(before), bare(after)))  # type: ignore[misc]  # as above
        sys.stdout.write(f"{what}: {ours:.0f} ms CPU, {ours / floor:.1f} times reading both alone ({floor:.0f} ms)\n")
    sys.stdout.write(f"importing hier_config: {imports():.0f} ms CPU, only for those who plan such a router\n")


LINES = ("fullfiber-extended-cisco", "internet-pro-plus-cisco")

if __name__ == "__main__":
    main()
