"""The dialogue room on the web."""
