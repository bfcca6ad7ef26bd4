"""What people may see of a Cisco configuration: no secret, whatever the command (as Cisco's references give them)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioning.platforms.cisco_iosxe.redaction import mask, secrets_in

NAME = "running-config"
SECRET = "S3cr-t/Value"

# Each `{}` is a secret, and everything else may be seen.
COMMANDS = (
    "username admin privilege 15 secret 9 {}",
    "username admin password 0 {}",
    "username admin secret 5 {}",
    "username admin privilege 1 password 7 {}",
    "username admin common-criteria-policy p secret 8 {}",
    "enable secret 9 {}",
    "enable secret level 5 5 {}",
    "enable password {}",
    "enable password 7 {}",
    " password 7 {}",
    " password {}",
    " secret 5 {}",
    " key-string {}",
    " key-string 7 {}",
    "snmp-server community {} RO 10",
    "snmp-server community {} view v RW",
    "snmp-server host 192.0.2.1 {}",
    "snmp-server host 192.0.2.1 version 2c {}",
    "snmp-server host 192.0.2.1 vrf MGMT version 2c {} udp-port 1162",
    "snmp-server host 192.0.2.1 traps version 3 priv {}",
    "snmp-server user u g v3 auth sha {} priv aes 128 {}",
    "snmp-server user u g v3 auth md5 {}",
    "snmp-server user u g v3 encrypted auth sha {} priv 3des {} access LIST",
    "snmp-server user u g remote 192.0.2.1 v3 auth sha-2 256 {} priv aes 256 {}",
    "crypto isakmp key {} address 192.0.2.1",
    "crypto isakmp key 6 {} hostname peer",
    "  pre-shared-key address 0.0.0.0 0.0.0.0 key {}",
    "  pre-shared-key address 192.0.2.1 key 6 {}",
    "  pre-shared-key local {}",
    "  pre-shared-key remote 6 {}",
    "  pre-shared-key {}",
    " ppp chap password 0 {}",
    " ppp chap password 7 {}",
    " ppp pap sent-username u password 7 {}",
    "tacacs-server key 7 {}",
    "tacacs-server host 192.0.2.1 key {}",
    "radius-server key {}",
    "radius-server host 192.0.2.1 auth-port 1812 acct-port 1813 key 7 {}",
    " key 7 {}",
    " key {}",
    " server-private 192.0.2.1 key 7 {}",
    " client 192.0.2.1 server-key 7 {}",
    " pac key 7 {}",
    "key config-key password-encrypt {}",
    "ntp authentication-key 1 md5 {} 7",
    "ntp authentication-key 1 hmac-sha2-256 {}",
    " neighbor 192.0.2.1 password 7 {}",
    " neighbor PEERS password {}",
    " ip ospf message-digest-key 1 md5 7 {}",
    " ip ospf authentication-key 7 {}",
    " area 1 virtual-link 192.0.2.1 message-digest-key 1 md5 {}",
    " isis password {} level-1",
    " standby 1 authentication md5 key-string 7 {} timeout 30",
    " standby 1 authentication {}",
    " vrrp 1 authentication text {}",
    " ip nhrp authentication {}",
    " ipv6 ospf authentication ipsec spi 500 md5 0 {}",
    " security wpa psk set-key ascii 0 {}",
    " security wpa psk set-key hex 8 {}",
    "   wpa-psk ascii 7 {}",
    " encryption key 1 size 40bit 7 {}",
    "cts credentials id router1 password 7 {}",
    "cts sxp default password 7 {}",
    "  sap pmk {} mode-list gcm-encrypt",
    " set session-key inbound esp 256 cipher {}",
    "ip ftp password 7 {}",
    "ip http client password 0 {}",
    "mpls ldp neighbor 192.0.2.1 password 7 {}",
    " l2tp tunnel password 7 {}",
    "ap dot1x username u password 0 {}",
    "profile id 1 apn internet authentication pap username u password {}",
    "license smart trust idtoken {}",
    "some command of a release to come shared-key 7 {}",
    "some command of a release to come passphrase: {}",
)

HARMLESS = (
    "service password-encryption",
    "no service password-recovery",
    "password encryption aes",
    "security passwords min-length 8",
    "key chain BGP",
    " key 1",
    "crypto key generate rsa modulus 2048",
    "crypto pki trustpoint TP-self-signed-1",
    " security wpa akm psk",
    " security wpa akm psk sha256",
    " no security wpa akm dot1x",
    " set community 64500:200",
    " neighbor 192.0.2.1 send-community",
    " match community 1",
    "snmp-server user u g v3 auth sha priv aes 128",
    "snmp-server user u g v3",
    "snmp-server group g v3 priv read v access LIST",
    "snmp-server location line L-1",
    "ip ssh server algorithm authentication publickey",
    "  key-hash ssh-rsa 0123456789ABCDEF0123456789ABCDEF root",
    "aaa authentication login default local",
    " authentication pre-share",
    "ntp server 192.0.2.1 key 1",
    " standby 1 authentication md5 key-chain HSRP",
    " 10 permit tcp any any eq www",
)


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("before", ["", "no "])
def test_the_secret_of_a_command_is_masked(command: str, before: str) -> None:
    line = command if not before else f"{before}{command.strip()}"
    text = f"hostname r1\n{line.replace('{}', SECRET)}\n!\n"
    masked = mask(NAME, text)
    assert SECRET not in masked
    assert masked.startswith("hostname r1\n")
    assert masked.endswith("\n!\n")
    assert masked.split("\n")[1].startswith(line.split("{}")[0])
    assert secrets_in(NAME, text) != ()
    assert all(SECRET in each for each in secrets_in(NAME, text))


@pytest.mark.parametrize(
    "command",
    [each for each in COMMANDS if each.endswith("{}") or each.startswith(("snmp-server community", "crypto isakmp"))],
)
def test_nothing_but_the_secret_is_masked(command: str) -> None:
    assert mask(NAME, command.replace("{}", SECRET)) == command.replace("{}", "<secret>")
    assert set(secrets_in(NAME, command.replace("{}", SECRET))) == {SECRET}


@pytest.mark.parametrize("command", HARMLESS)
def test_a_command_without_a_secret_stays(command: str) -> None:
    assert mask(NAME, command) == command


@pytest.mark.parametrize("command", [*COMMANDS, *HARMLESS])
def test_masking_twice_changes_nothing(command: str) -> None:
    once = mask(NAME, command.replace("{}", SECRET))
    assert mask(NAME, once) == once
    assert secrets_in(NAME, once) == ()


def test_private_keys_and_addresses_with_passwords_are_masked() -> None:
    text = (
        "-----BEGIN RSA PRIVATE KEY-----\nMIIB\nAAAA\n-----END RSA PRIVATE KEY-----\n"
        "archive\n path ftp://u:hidden-1@192.0.2.1/r\n-----BEGIN EC PRIVATE KEY-----\nBBBB\n"
    )
    masked = mask(NAME, text)
    for secret in ("MIIB", "AAAA", "hidden-1", "BBBB"):
        assert secret not in masked
    assert "ftp://u:<secret>@192.0.2.1/r" in masked


@given(
    st.sampled_from([each for each in COMMANDS if each.count("{}") == 1]),
    st.text(st.characters(codec="ascii", categories=("L", "N", "P", "S")), min_size=8, max_size=30),
)
def test_any_secret_is_masked(command: str, secret: str) -> None:
    lead, tail = command.split("{}")
    masked = mask(NAME, f"{lead}{secret}{tail}\n")
    assert secret not in masked.removeprefix(lead).removesuffix(f"{tail}\n")


@given(st.text())
def test_any_text_can_be_masked(text: str) -> None:
    assert mask(NAME, text).count("\n") <= text.count("\n")


def test_a_long_line_takes_no_long_time() -> None:
    text = "password" * 20_000 + "\n" + "a " * 100_000 + "\n"
    assert mask(NAME, text) == text
