"""Capacity computes fair shares of what is offered among those who need it, and how unevenly a thing is spread."""
