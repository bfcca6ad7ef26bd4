"""Proviso: from an order form to a business internet line that is proven to work."""

__version__ = "0.1.0"
