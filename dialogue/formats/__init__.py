"""Readers of finished conversations: JSON lines, tables (CSV, TSV), folders of text files."""
