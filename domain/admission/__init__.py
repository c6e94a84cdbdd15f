"""Admission, refusal and referral (3.1, 3.2)."""
