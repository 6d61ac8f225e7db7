"""The embedded engine: a GGUF file, a child process that serves it, and the model over both."""
