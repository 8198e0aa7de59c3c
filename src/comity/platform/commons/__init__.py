"""Commons keeps releases of shared technology with their files."""
