"""Bodies, members and delegations on the web."""
