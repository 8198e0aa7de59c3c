"""Parties keep accounts and roles, and say who may do what."""
