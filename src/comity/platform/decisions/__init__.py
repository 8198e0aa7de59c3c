"""Decisions on the platform: rules of procedure in force, documents, ballots, and their outcomes."""
