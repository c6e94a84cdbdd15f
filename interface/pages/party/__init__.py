"""The pages of the parties: filing, their cases, and what they can do in each."""
