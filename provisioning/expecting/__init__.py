"""From the addressed intent to what must be observed, from where, and with what weight. Pure."""
