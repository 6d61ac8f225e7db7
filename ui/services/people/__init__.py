"""Accounts, and how somebody proves to be who they say."""
