"""Addresses that hear of events: registered, told, signed, tried again."""
