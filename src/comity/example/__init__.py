"""The worked example that ``./comity up`` opens with: real instruments, summarised in our own words."""
