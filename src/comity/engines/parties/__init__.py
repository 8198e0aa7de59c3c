"""Parties computes with country facts: who is a member of what on a day, and what each is called in six languages."""
