"""The command line: `spardesk` and its commands."""

from ui.cli.main import main

__all__ = ["main"]
