"""The arithmetic of blocks, pools and prefixes. Pure: the store keeps what is decided here."""
