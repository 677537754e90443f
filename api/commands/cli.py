"""The command line: ``zhiban``. Exit 0 good, 1 hard breach (or unmet demand where asked), 2 bad input.

Heavy libraries are loaded inside the commands, so that help and template stay fast.
"""

from __future__ import annotations

import typer

from api.commands import (
    ask,
    check,
    inputs,
    plan,
    reference,
    revise,
    service,
    substitutes,
    whatif,
    year,
)
from api.commands.exit_codes import exit_code, leave

app = typer.Typer(
    name="zhiban",
    help="值班：公共法律服务排班。Plans village advisers, duty rosters, visits and mediators.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for group in (plan, year, check, substitutes, revise, whatif, ask, inputs, service, reference):
    app.add_typer(group.app)


def main() -> None:
    """Run the command line; no traceback ever reaches a user (set ZHIBAN_DEBUG=1 to see one)."""
    leave(exit_code(lambda: app(standalone_mode=False)))


if __name__ == "__main__":
    main()
