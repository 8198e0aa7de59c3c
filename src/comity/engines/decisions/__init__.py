"""Rules of procedure: from a rule and ballots to an outcome with its whole reasoning."""
