"""Where secrets come from. Nothing here writes one down."""
