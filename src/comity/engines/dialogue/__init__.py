"""Dialogue: from answers to statements to opinion groups, common ground, and what to ask next."""
