"""The use cases; pages and command line call nothing else."""
