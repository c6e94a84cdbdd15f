"""What `redress init` makes: key files, a trust policy, environment files, SQL."""
