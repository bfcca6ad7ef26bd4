"""The steps of a run. Each recognises its own effect: killed and begun again, it does what is left to do."""
