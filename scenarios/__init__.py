"""What happened, what the customer wants, and the business it happens in."""
