"""Signatures of people, as `ssh-keygen -Y` makes and checks them."""
