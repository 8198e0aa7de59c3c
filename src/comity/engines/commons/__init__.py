"""Commons computes how open a release is, from what is really in it: licences, components, and what its record states."""
