"""How well the agent did, with evidence."""
