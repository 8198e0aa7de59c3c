"""The platform keeps: Django models, services that write, selectors that read, rules on who may. No HTTP."""
