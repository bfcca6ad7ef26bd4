"""A simulated SmartAX OLT: its own grammar, modes, wording, running and saved state."""
