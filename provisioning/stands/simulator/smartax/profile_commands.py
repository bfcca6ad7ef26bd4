"""The commands of a SmartAX that edit line and service profiles."""

from provisioning.stands.simulator.smartax import profile_modes as edit
from provisioning.stands.simulator.smartax.shell import Mode, command

_CONFIG = (Mode.CONFIG,)
_PORTS = "({%s:U0-32}|{%s:W:adaptive})"
_IN_LINE = (Mode.LINE,)
_IN_SERVICE = (Mode.SERVICE,)

COMMANDS = (
    command(_CONFIG, "ont-lineprofile gpon [profile-id {id:U1-8192}] [profile-name {name:S1-64}]", edit.draft_line),
    command(_CONFIG, "ont-srvprofile gpon [profile-id {id:U1-8192}] [profile-name {name:S1-64}]", edit.draft_service),
    command(_IN_LINE, "tcont {tcont:U0-127} (dba-profile-id {id:U0-512}|dba-profile-name {name:S1-33})", edit.tcont),
    command(_IN_LINE, "gem add {gem:U0-1023} eth tcont {tcont:U0-127} [encrypt {encrypt:W:on|off}]", edit.gem_add),
    command(_IN_LINE, "gem delete {gem:U0-1023}", edit.gem_delete),
    command(_IN_LINE, "gem mapping {gem:U0-1023} {mapping:U0-7} vlan {vlan:U1-4095}", edit.gem_mapping),
    command(
        _IN_SERVICE,
        f"ont-port (pots {_PORTS % ('pots', 'pots')} [eth {_PORTS % ('eth', 'eth')}]"
        f"|eth {_PORTS % ('eth', 'eth')} [pots {_PORTS % ('pots', 'pots')}])",
        edit.ont_port,
    ),
    command(
        _IN_SERVICE,
        "port vlan eth {ethport:U1-24} ({vlan:U1-4095}|translation {vlan:U1-4095} user-vlan {uservlan:U1-4095})",
        edit.port_vlan,
    ),
    command(_IN_SERVICE, "transparent {state:W:enable|disable}", edit.transparent),
    command((*_IN_LINE, *_IN_SERVICE), "commit", edit.commit, writes=True),
)
