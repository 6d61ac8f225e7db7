"""The interface for programs: HTTP and JSON under `/api/v1`, with tokens."""
