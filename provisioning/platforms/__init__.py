"""What is known of each platform: commands, encoders, parsing. One package a platform; pure."""
