"""The trainee's pages."""
