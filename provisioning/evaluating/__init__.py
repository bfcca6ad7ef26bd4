"""What a router does with a packet, told from its configuration alone. Pure; shares nothing with rendering."""
