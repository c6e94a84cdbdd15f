"""The rules that are data: policy profiles, code tables, rules of proof."""
