"""What Proviso has done by the machine's own clockwork: systemd timers, or cron where there is no systemd."""
