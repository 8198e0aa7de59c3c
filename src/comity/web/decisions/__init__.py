"""The pages of decisions: rules of procedure, documents, ballots and their outcomes."""
