"""What is answered from events: read models, one file each, and what keeps them."""
