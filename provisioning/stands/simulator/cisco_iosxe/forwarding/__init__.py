"""What a simulated Cisco router does with packets, as its configuration says (IOS XE 17 configuration guides)."""
