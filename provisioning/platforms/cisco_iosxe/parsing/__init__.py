"""What a router with IOS-XE answers, read: templates of ntc-templates where they have the command, else our own."""
