"""What a router has that serves no line: it asks for an address on its fixed bearer, and lets the operator in.

A line that ceases leaves its router so, which can be reached at its staging address to the end.
"""

from provisioning.platforms.idle_router import IdleRouter
from provisioning.platforms.linux_cpe.encoders import nft_networks, nft_string, plain_comment, plain_word
from provisioning.platforms.linux_cpe.names import FIXED_BEARER, LOOPBACK
from provisioning.platforms.template import DocumentTemplate, Values


def nftables_conf(router: IdleRouter) -> Values:
    """Return what nftables.conf says (nft(8))."""
    return {
        "label": nft_string(router.label),
        "loopback": nft_string(LOOPBACK),
        "management_prefixes": nft_networks(router.operator.management_prefixes),
    }


def dhcpcd_conf(router: IdleRouter) -> Values:
    """Return what dhcpcd.conf says (dhcpcd.conf(5))."""
    return {"label": plain_comment(router.label), "bearer": plain_word(FIXED_BEARER)}


def sshd_config(router: IdleRouter) -> Values:
    """Return what sshd_config says (sshd_config(5)): keys only, one account, on every address."""
    return {"label": plain_comment(router.label), "account": plain_word(router.operator.account)}


BOOTSTRAP: tuple[DocumentTemplate[IdleRouter], ...] = (
    DocumentTemplate("nftables.conf", "/etc/nftables.conf", 0o600, "nft", nftables_conf, "bootstrap"),
    DocumentTemplate("dhcpcd.conf", "/etc/dhcpcd.conf", 0o644, "plain", dhcpcd_conf, "bootstrap"),
    DocumentTemplate("sshd_config", "/etc/ssh/sshd_config", 0o600, "plain", sshd_config, "bootstrap"),
)
