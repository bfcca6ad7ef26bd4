"""Devices and other machines as they are reached: over SSH, with host keys that were seen before."""
