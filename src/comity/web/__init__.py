"""The web door: pages and forms, one file per room. It translates; it decides nothing."""
