"""A router of the lab with our helper on it, and small sets of documents for it."""

import hashlib
import io
import os
import subprocess
import tarfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from labs import MANY, TestLab, eventually
from worlds import ROOT, Answer

from provisioning.devices.bootstrap import bootstrap
from provisioning.ports import Completed
from provisioning.stands.lab.client import Client
from provisioning.stands.lab.packages import full_path

HELPER = ROOT / "provisioning/platforms/linux_cpe/proviso-helper"
KNOWLEDGE = HELPER.with_name("proviso-documents")
INSTALLED = "/usr/local/sbin/proviso-helper"

NFTABLES = """\
flush ruleset
table inet test {
	chain input {
		type filter hook input priority filter; policy drop;
		iifname { lo, br-lan } accept
		ct state established,related accept
		meta l4proto { icmp, ipv6-icmp } accept
		udp dport { 68, 546 } accept
		tcp dport 22 %s
	}
	chain forward {
		type filter hook forward priority filter; policy drop;
		tcp dport %s accept
	}
}
"""

NETWORK = """\
#!/bin/sh
set -eu
if [ "${1-}" = down ]; then
	ip address delete 10.255.7.1/32 dev lo 2>/dev/null || true
	ip link delete br-lan 2>/dev/null || true
	exit
fi
ip link show br-lan >/dev/null 2>&1 || ip link add br-lan type bridge
ip link set br-lan up
ip address replace 192.168.1.1/24 dev br-lan
ip address replace 10.255.7.1/32 dev lo
"""

SSHD = """\
HostKey /etc/ssh/ssh_host_ed25519_key
PermitRootLogin prohibit-password
PasswordAuthentication no
UsePAM no
UseDNS no
PidFile /run/sshd.pid
MaxAuthTries %s
"""

WIFI_KEY = "canary-wifi-4711"


def documents(*, ssh: str = "accept", port: int = 8001, lease: int = 1, tries: int = 3) -> dict[str, str]:
    """Return a set: every daemon has its part."""
    return {
        "nftables.conf": NFTABLES % (ssh, port),
        "sysctl.conf": "net.ipv4.ip_forward = 1\n-net.ipv4.conf.wwan0.rp_filter = 2\n"
        "-net.ipv4.conf.none0.rp_filter = 2\n",
        "network.sh": NETWORK,
        "dhcpcd.conf": "duid\npersistent\nnodelay\nnoarp\nnoipv4ll\nnoipv6rs\noption rapid_commit\n"
        "allowinterfaces wan0 br-lan\ninterface wan0\n ipv6rs\ninterface br-lan\n noipv4\n",
        "daemons": "bgpd=no\nbfdd=no\nvtysh_enable=yes\nzebra_options='-A 127.0.0.1'\n",
        "frr.conf": f"frr defaults traditional\nhostname cpe\nip route 198.51.100.{port % 256}/32 blackhole\n",
        "dnsmasq.conf": f"port=0\ninterface=br-lan\nbind-dynamic\ndhcp-range=192.168.1.100,192.168.1.200,{lease}h\n",
        "hostapd.conf": f"interface=wlan0\nbridge=br-lan\ndriver=nl80211\nctrl_interface=/run/hostapd\nssid=Test\n"
        f"hw_mode=g\nchannel=1\nwpa=2\nwpa_key_mgmt=WPA-PSK\nrsn_pairwise=CCMP\nwpa_passphrase={WIFI_KEY}\n",
        "snmpd.conf": 'agentAddress udp:10.255.7.1:161\ncreateUser proviso SHA "canary-snmp-1" AES "canary-snmp-2"\n'
        "rouser proviso authpriv\n",
        "sshd_config": SSHD % tries,
    }


A = documents()
B = documents(port=8002, lease=2, tries=4)
LOCKED_OUT = documents(ssh="drop", port=8003)

TABLE = ("nftables.conf", "sysctl.conf", "network.sh", "dhcpcd.conf", "daemons", "frr.conf",
         "failover.conf", "dnsmasq.conf", "hostapd.conf", "snmpd.conf", "sshd_config")  # fmt: skip


def digest(of: Mapping[str, str]) -> str:
    """Return the digest as the contract states it, written down once more."""
    lines = (f"{hashlib.sha256(of[name].encode()).hexdigest()}  {name}\n" for name in TABLE if name in of)
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def archive(of: Mapping[str, str]) -> bytes:
    held = io.BytesIO()
    with tarfile.open(fileobj=held, mode="w") as tar:
        for name, text in of.items():
            member = tarfile.TarInfo(name)
            member.size = len(text.encode())
            tar.addfile(member, io.BytesIO(text.encode()))
    return held.getvalue()


ANEW = """
pkill -9 -f '[p]roviso-helper timer'
for unit in frr dnsmasq hostapd snmpd; do systemctl stop $unit; done
[ ! -f /etc/proviso/network.sh ] || sh /etc/proviso/network.sh down
nft flush ruleset
rm -rf /var/lib/proviso /run/proviso /etc/nftables.conf /etc/sysctl.d/* /etc/proviso /etc/frr/daemons /etc/dnsmasq.conf
rm -rf /etc/hostapd/hostapd.conf /etc/snmp/snmpd.conf
cp /etc/lab/factory/dhcpcd.conf /etc/
cp /etc/lab/factory/sshd_config /etc/ssh/
: >/etc/frr/frr.conf
echo 0 >/proc/sys/net/ipv4/ip_forward
echo 0 >/proc/sys/net/ipv4/conf/wwan0/rp_filter
systemctl restart dhcpcd
systemctl reload ssh
"""


@dataclass(frozen=True)
class NodeSession:
    """A session on a router past the network: a shell in its node."""

    cpe: "Cpe"

    def run(self, command: str, *, given: bytes = b"", seconds: float = MANY) -> Completed:
        return self.cpe.run(command, given, seconds)

    def close(self) -> None:
        pass


@dataclass(frozen=True)
class Cpe:
    """A router of the lab, asked past the network."""

    lab: TestLab
    name: str = "cpe1"

    def sh(self, script: str, given: bytes = b"") -> Answer:
        done = self.run(script, given)
        return Answer(done.code, done.output.decode(errors="replace"), done.complaints)

    def run(self, script: str, given: bytes = b"", seconds: float = MANY) -> Completed:
        entrance = Client(self.lab.folder).enter(self.name)
        try:
            result = subprocess.run(
                entrance.command(("sh", "-c", script)),
                pass_fds=entrance.descriptors,
                env={"PATH": full_path()},
                input=given,
                capture_output=True,
                timeout=seconds,
                check=False,
            )
        finally:
            for each in entrance.descriptors:
                os.close(each)
        return Completed(result.returncode, result.stdout, result.stderr.decode(errors="replace"))

    def restart(self) -> None:
        """Cut its power, and boot it again."""
        Client(self.lab.folder).ask("restart", name=self.name)

    def boots_with_us(self) -> None:
        """Install the helper, and remember what a factory-new router has."""
        self.sh("mkdir -p /etc/lab/factory; cp /etc/dhcpcd.conf /etc/ssh/sshd_config /etc/lab/factory/")
        bootstrap(NodeSession(self), serial=None, host_key="")

    def anew(self) -> None:
        """Make it factory-new again; in a node of its own, where nobody else's processes are seen."""
        self.sh(ANEW)

    def helper(self, *arguments: str, given: bytes = b"") -> Answer:
        return self.sh(f"{INSTALLED} {' '.join(arguments)}", given)

    def stage(self, of: Mapping[str, str]) -> Answer:
        return self.helper("stage", given=archive(of))

    def apply(self, of: Mapping[str, str], seconds: int = 60, base: str | None = None) -> Answer:
        staged = self.stage(of)
        assert staged.code == 0, staged.stderr
        return self.helper("apply", str(seconds), base or self.live(), digest(of))

    def live(self) -> str:
        return self.helper("digest").stdout.strip()

    def status(self) -> dict[str, str]:
        answer = self.helper("status")
        assert answer.code == 0, answer.stderr
        return {key: value.strip() for key, _, value in (line.partition(":") for line in answer.stdout.splitlines())}

    def settled(self, seconds: float = MANY) -> dict[str, str]:
        return self._once(lambda status: status["settled"] == "yes", seconds)

    def went_back(self, seconds: float = MANY) -> dict[str, str]:
        return self._once(lambda status: not status["pending"], seconds)

    def _once(self, holds: Callable[[dict[str, str]], bool], seconds: float) -> dict[str, str]:
        """Return its status once something holds of it; each look is a dozen processes, and it takes seconds."""
        told: dict[str, str] = {}

        def looked() -> bool:
            told.update(self.status())
            return holds(told)

        assert eventually(looked, seconds, first=0.15, longest=0.4), told
        return told

    def rests_on(self, of: Mapping[str, str]) -> None:
        """Have a set in force and confirmed, in the quickest way."""
        status = self.status()
        if status["pending"] or status["live"] != status["confirmed"]:
            self.anew()
        if status["live"] != digest(of) or not self.status()["confirmed"]:
            self.put(of)

    def put(self, of: Mapping[str, str]) -> None:
        """Put a set in force and confirm it."""
        applied = self.apply(of)
        assert applied.code == 0, applied.stderr
        status = self.settled()
        assert status["pending"], status["outcome"]
        confirmed = self.helper("confirm", digest(of))
        assert confirmed.code == 0, confirmed.stderr
