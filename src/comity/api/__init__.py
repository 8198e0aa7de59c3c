"""The programming door: JSON under /api/v1. It translates; it decides nothing."""
