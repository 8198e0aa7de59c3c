"""Capacity keeps needs, offers, rounds, deliveries and agreements: the life of a contribution, from what is asked to what came of it."""
