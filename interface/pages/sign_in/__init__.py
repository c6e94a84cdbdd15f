"""Who reads a page: signing in by OIDC, sessions, and what their cookies keep."""
