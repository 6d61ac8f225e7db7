"""Language models: one protocol, three ways to have one."""
