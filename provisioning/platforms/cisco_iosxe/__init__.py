"""The Cisco ISR 1100 series with IOS XE 17: documents, their encoding, their digest, and the commands between them."""
