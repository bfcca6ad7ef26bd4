"""Reading order forms and checking them against the contract. Pure, but for reading the file."""
