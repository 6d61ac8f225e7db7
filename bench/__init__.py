"""The commands that measure Spardesk."""
