"""Reads what `show running-config` of a Cisco IOS-XE router says, as far as it decides which packets pass."""
