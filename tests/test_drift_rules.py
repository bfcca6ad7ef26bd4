"""What counts as drift since a backup, what is never shown, and what of earlier looks is kept."""
