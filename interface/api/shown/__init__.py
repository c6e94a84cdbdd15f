"""What clients are shown of a case, told from its facts; who looks decides how much.

It imports nothing else of the API.
"""
