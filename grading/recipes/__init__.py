"""How shipped parameters were measured; run by hand, never by the program."""
