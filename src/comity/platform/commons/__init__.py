"""Commons keeps releases of shared technology with their files, experience that members share, and the agreements these need."""
