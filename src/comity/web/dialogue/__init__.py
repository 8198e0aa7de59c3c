"""Pages of dialogue."""
