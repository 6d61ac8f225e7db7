"""What an agent's message does: the labelled messages, and how well it is perceived."""
