"""A router that runs Cisco IOS-XE 17: an ISR 1100 with LTE, told one configuration."""
