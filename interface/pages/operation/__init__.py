"""The page of whoever runs the installation: all that health and doctor say."""
