"""The doors: web pages and command line."""
