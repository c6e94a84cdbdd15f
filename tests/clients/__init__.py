"""What others make of the OpenAPI document: linters, and clients that are generated."""
