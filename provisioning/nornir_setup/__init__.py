"""Where Nornir is set up. Everything that imports Nornir stands here."""
