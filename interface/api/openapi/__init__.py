"""The OpenAPI document: what it says beyond the signatures, and its page."""
