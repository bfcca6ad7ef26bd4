"""Stand-in devices and networks to try Proviso on; they import nothing of it but its errors."""
