"""What is written from the OpenAPI document: models, and a method for each operation."""
