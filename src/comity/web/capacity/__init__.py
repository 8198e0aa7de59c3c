"""The pages of capacity."""
