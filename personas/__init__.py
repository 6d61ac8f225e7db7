"""Who a customer is in general."""
