"""The record on the web: acts and their receipts, chains, and the log's own files."""
