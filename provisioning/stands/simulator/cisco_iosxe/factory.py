"""What stands on a router when it comes from the operator's staging: his account and his key, DHCP on the WAN.

The rest is what a C1111 shows that nobody configured (outputs of `show running-config` in public repositories). The
certificate is shortened.
"""

import hashlib

import asyncssh

FACTORY = """\
version 17.9
service timestamps debug datetime msec
service timestamps log datetime msec
platform qfp utilization monitor load 80
platform punt-keepalive disable-kernel-core
hostname Router
boot-start-marker
boot-end-marker
no aaa new-model
login on-success log
ipv6 unicast-routing
subscriber templating
multilink bundle-name authenticated
crypto pki trustpoint SLA-TrustPoint
 enrollment pkcs12
 revocation-check crl
crypto pki certificate chain SLA-TrustPoint
 certificate ca 01
  30820321 30820209 A0030201 02020101 300D0609 2A864886 F70D0101 0B050030
  32310E30 0C060355 040A1305 43697363 6F312030 1E060355 04031317 43697363
  {tab}quit
license udi pid C1111-8PLTE sn {serial}
memory free low-watermark processor 71489
diagnostic bootup level minimal
spanning-tree extend system-id
username root privilege 15
redundancy
 mode none
controller Cellular 0/2/0
 lte modem link-recovery disable
vlan internal allocation policy ascending
interface GigabitEthernet0/0/0
 ip address dhcp
 negotiation auto
 ipv6 address autoconfig
 ipv6 enable
interface GigabitEthernet0/0/1
 no ip address
 shutdown
 negotiation auto
interface Cellular0/2/0
 no ip address
 shutdown
interface Cellular0/2/1
 no ip address
 shutdown
interface Vlan1
 no ip address
ip forward-protocol nd
no ip http server
no ip http secure-server
ip ssh version 2
ip ssh pubkey-chain
  username root
   key-hash {kind} {digest}
control-plane
line con 0
 stopbits 1
line vty 0 4
 login local
 transport input ssh
line vty 5 15
 login local
 transport input ssh
end
"""


def factory(serial: str, user_key: asyncssh.SSHKey) -> str:
    """Return the configuration of a router that nobody has configured yet.

    Args:
        serial: of the chassis.
        user_key: of the operator's account.
    """
    kind, digest = user_key.get_algorithm(), digest_of(user_key)
    return FACTORY.format(tab="\t", serial=serial, kind=kind, digest=digest)


def digest_of(key: asyncssh.SSHKey) -> str:
    """Return what IOS keeps of a public key: the MD5 digest of what it is made of."""
    return hashlib.md5(key.public_data, usedforsecurity=False).hexdigest().upper()
