"""What every store of the records promises, tested on all of them."""
