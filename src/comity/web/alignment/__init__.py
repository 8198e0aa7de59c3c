"""The alignment room on the web."""
