"""What people ask for, from end to end; each readable in one screen."""
