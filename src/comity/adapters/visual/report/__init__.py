"""The stand-alone report of an alignment: one page that can be read, printed and kept with nothing else beside it."""
