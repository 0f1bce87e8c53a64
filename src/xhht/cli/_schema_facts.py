"""`xhht schema facts`: the JSON Schema of a profile's inputs."""

from __future__ import annotations

import click

from xhht.cli._common import Format, common_options, print_json, refusing
from xhht.cli._profiles import named_profile
from xhht.evaluation.facts_schema import facts_schema
from xhht.text import Lang

__all__ = ["facts"]


@click.command("facts")
@click.argument("profile", metavar="PROFILE")
@common_options
@refusing
def facts(profile: str, output: Format, lang: Lang) -> None:
    """Print the JSON Schema of the facts that PROFILE asks for.

    PROFILE is a file, or an id with optional `@version`. Titles are in the language of --lang.

    In JSON Schema của các dữ kiện mà bộ tiêu chí cần, để hệ thống khác dựng biểu mẫu nhập.
    """
    print_json(facts_schema(named_profile(profile, output, lang), lang))
