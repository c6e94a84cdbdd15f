"""Reports of figures: asked for, published, and with small numbers left out."""
