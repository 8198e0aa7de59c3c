"""Alignment keeps instruments, their provisions, suggested and reviewed links, and where members converge."""
