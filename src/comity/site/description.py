"""Print the OpenAPI description of the programming door: ``python -m comity.site.description > docs/reference/openapi.json``."""

from __future__ import annotations

import json
import os

import django


def main() -> None:
    """Print the description, stable from run to run, so that a change of the API shows as a change of one file."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "comity.site.settings")
    django.setup()
    from ninja.responses import NinjaJSONEncoder  # noqa: PLC0415  (after Django is set up)

    from comity.api.v1 import api  # noqa: PLC0415  (after Django is set up)

    text = json.dumps(
        api.get_openapi_schema(path_prefix="/api/v1/"), cls=NinjaJSONEncoder, indent=1, ensure_ascii=False
    )
    print(text)  # noqa: T201  (a command)


if __name__ == "__main__":
    main()
