"""What if: closed cases replayed under a draft of a policy profile."""
