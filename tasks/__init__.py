"""One Nornir task a file: each opens, calls, and returns one Result. They talk to devices through the ports."""
