"""What all endpoints share: problems, pages, queries, uploads, words for OpenAPI.

It imports nothing else of the API.
"""
