"""The platform's people on a case: who has it, who may not, what they note (2)."""
