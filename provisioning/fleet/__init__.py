"""Fetches from many routers at once, over one event loop."""
