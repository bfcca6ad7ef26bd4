"""What runs on a vantage point: Python 3.10 or later, its standard library, and the system's own tools; nothing else.

It is sent over SSH with each request and leaves nothing behind. Requests and answers are JSON.
"""
