"""What clients send: bodies, and acts of nothing but a path and a body.

It imports nothing else of the API.
"""
