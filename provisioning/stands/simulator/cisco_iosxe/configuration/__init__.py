"""The configuration of a simulated router with IOS-XE 17."""

from provisioning.stands.simulator.cisco_iosxe.configuration.configuration import Configuration
from provisioning.stands.simulator.cisco_iosxe.configuration.factory import factory_new
from provisioning.stands.simulator.cisco_iosxe.configuration.hardware import C1111_8PLTE, Hardware
from provisioning.stands.simulator.cisco_iosxe.configuration.replacing import Replacement
from provisioning.stands.simulator.cisco_iosxe.configuration.session import Session
from provisioning.stands.simulator.cisco_iosxe.configuration.statement import Statement

__all__ = ["C1111_8PLTE", "Configuration", "Hardware", "Replacement", "Session", "Statement", "factory_new"]
