"""Accounts on the web: signing in, the second step, invitations, recovery, and what is kept of a person."""
