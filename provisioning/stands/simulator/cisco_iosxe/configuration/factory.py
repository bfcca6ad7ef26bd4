"""The configuration of a router that came out of its box and was told its account by zero-touch provisioning.

Sources: `show startup-config` of a C1111-8P with IOS-XE 16.9 after `write erase` (a public transcript) for what
stands there of itself; Cisco IOS-XE 17 Programmability Configuration Guide, Zero-Touch Provisioning, for how the
account comes there.
"""

from provisioning.stands.simulator.cisco_iosxe.configuration.collecting import add_key, key_hash
from provisioning.stands.simulator.cisco_iosxe.configuration.configuration import Configuration
from provisioning.stands.simulator.cisco_iosxe.configuration.hardware import C1111_8PLTE, Hardware

_TEXT = """
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
subscriber templating
multilink bundle-name authenticated
license udi pid {product} sn {serial}
license boot level securityk9
memory free low-watermark processor 70177
diagnostic bootup level minimal
spanning-tree extend system-id
username {account} privilege 15
redundancy
 mode none
vlan internal allocation policy ascending
interface GigabitEthernet0/0/0
 ip address dhcp
 negotiation auto
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
ip forward-protocol nd
no ip http server
no ip http secure-server
ip ssh version 2
ip ssh pubkey-chain
  username {account}
control-plane
line con 0
 transport input none
 stopbits 1
line vty 0 4
 login local
 transport input ssh
end
"""


def factory_new(serial: str, account: str, public_key: str, hardware: Hardware = C1111_8PLTE) -> Configuration:
    """Return the configuration of a router that serves no line yet.

    Args:
        serial: number of the router.
        account: that logs in, with privilege 15 and its key only.
        public_key: of the account, in OpenSSH's form.
        hardware: of the router.

    Raises:
        ValueError: the public key cannot be read.
    """
    configuration = Configuration(hardware)
    unread = configuration.load(_TEXT.format(product=hardware.product, serial=serial, account=account))
    kind, hashed, comment = key_hash([public_key])
    chain = configuration.root.first("ip ssh pubkey-chain")
    user = chain.first("username") if chain is not None else None
    if unread or user is None or not hashed:
        raise ValueError(f"no factory-new configuration: {unread or 'the public key cannot be read'}")
    add_key(user, kind, hashed, comment)
    return configuration
