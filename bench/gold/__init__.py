"""Conversations written for the purpose and labelled twice (GUIDE.md): developer-labelled."""

from bench.gold.reading import GoldRow, Half, Labels, gold

__all__ = ["GoldRow", "Half", "Labels", "gold"]
