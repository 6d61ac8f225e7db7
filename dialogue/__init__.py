"""Turns and transcripts, and what a turn does and shows."""
