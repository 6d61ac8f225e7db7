"""The practice session: the customer, the agent's desk and the guard."""
