"""The published formats of C2SP and RFC 6962, without I/O."""
