"""Comity: self-hostable software on which countries cooperate on AI as equals."""

__version__ = "0.1.0"
