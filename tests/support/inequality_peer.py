"""The package ``inequality``, module by module: its front door asks for libraries of maps that none of its measures needs."""

from __future__ import annotations

import importlib.util
from pathlib import Path


def peer(name):
    """Return one module of the package, such as gini, theil or atkinson."""
    package = importlib.util.find_spec("inequality")
    place = Path(package.submodule_search_locations[0]) / f"{name}.py"
    spec = importlib.util.spec_from_file_location(f"inequality_{name}", place)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
