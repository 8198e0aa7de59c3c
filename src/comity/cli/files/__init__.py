"""Commands that work on files alone: no database, no server, no Django."""
