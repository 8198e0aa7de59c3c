"""Commands: ``files`` work on files alone, ``server`` on an instance."""
