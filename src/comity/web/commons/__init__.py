"""The commons' pages, and the doors through which files come and go."""
