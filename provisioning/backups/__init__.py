"""What a backup has to hold, what people may see of it, how long it is kept: rules without I/O."""
