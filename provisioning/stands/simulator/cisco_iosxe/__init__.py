"""A Cisco router with IOS-XE 17, simulated."""
