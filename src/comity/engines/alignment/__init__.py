"""Alignment computes which provisions of AI policies speak of the same thing, and where members converge."""
