"""``comity commons compare``: the operator compares named mirrors with what was released, now."""

from __future__ import annotations

import json
from dataclasses import asdict

import click

from comity.cli.server import Refusal, open_instance
from comity.errors import ComityError

ALTERED = 4


@click.command()
@click.option("--mirror", "slug", default="", metavar="NAME", help="One mirror, by its name in its address.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of sentences.")
def compare(slug: str, as_json: bool) -> None:  # noqa: FBT001  (a flag of the command line)
    """Compare the named mirrors with what was released, as the worker does each day, and keep what was found.

    Exit codes: 0 none differs; 4 one gives something else than was released: it is named; 2 it could not be done.
    """
    open_instance()
    from comity.adapters.mirror_comparing import DIFFERENT, KINDS
    from comity.adapters.outside_sites import TROUBLES
    from comity.platform.commons.mirror_checks import compare_named_mirrors

    told, differs = [], False
    try:
        for mirror in compare_named_mirrors(slug=slug):
            found = mirror.found
            differs = differs or found.result == DIFFERENT
            told.append({"mirror": mirror.slug, "address": mirror.address, **asdict(found)})
            if as_json:
                continue
            why = f": {TROUBLES[found.problem]}" if found.problem else ""
            looked = f"{found.versions} versions compared, {found.looked_at} bytes looked at"
            click.echo(f"{mirror.slug} ({mirror.address}) is {found.result}{why}. {looked}.")
            for d in found.differences:
                click.echo(f"  {d.reference}{f' {d.path}' if d.path else ''}: {KINDS[d.kind]}.")
    except ComityError as error:
        raise Refusal(error) from None
    if as_json:
        click.echo(json.dumps({"ok": not differs, "mirrors": told}, ensure_ascii=False, indent=1))
    elif not told:
        click.echo("No mirror is named yet.")
    raise SystemExit(ALTERED if differs else 0)
