"""The rule-based inspector."""
