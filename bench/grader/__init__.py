"""The grader before labelled conversations: what it is fitted to, and how well it does."""
