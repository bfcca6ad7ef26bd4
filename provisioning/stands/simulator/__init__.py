"""The simulator: an operator's devices in one process, behind one SOCKS proxy."""
