"""The page of all commands, made from the commands themselves.

Run ``python -m api.commands.command_page > api/commands/README.md`` after changing one; a test compares.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

import typer

from api.commands.cli import app

HEAD = """# 命令 Commands

本页由 `python -m api.commands.command_page` 生成。This page is generated; a test keeps it current.

退出码：0 正常；1 有硬性违规（或用了 `--fail-on-unmet` 而有缺岗）；2 输入有误，列出全部问题，不写任何文件。
Exit codes: 0 good, 1 hard breach (or unmet demand with `--fail-on-unmet`), 2 bad input with every issue printed
and nothing written. `--json` prints what a program can read.
"""


def command_page() -> str:
    """Return the page: every command with its arguments, options and help."""
    group: Any = typer.main.get_command(app)
    return "\n".join([HEAD, *_sections(group, "zhiban")])


def _sections(group: Any, path: str) -> Iterator[str]:
    for name, command in sorted(group.commands.items()):
        if hasattr(command, "commands"):
            yield from _sections(command, _usage(command, f"{path} {name}"))
            continue
        yield f"## `{_usage(command, f'{path} {name}')}`\n"
        yield f"{' '.join((command.help or '').split())}\n"
        options = [p for p in command.params if p.param_type_name == "option" and p.name != "help"]
        if options:
            yield from _options(options)


def _usage(command: Any, path: str) -> str:
    words = [path]
    for parameter in command.params:
        if parameter.param_type_name == "argument":
            word = (parameter.metavar or parameter.name).upper()
            words.append(word if parameter.required else f"[{word}]")
    return " ".join(words)


def _options(options: list[Any]) -> Iterator[str]:
    yield "| 选项 option | 含义 meaning |\n|---|---|"
    for option in options:
        names = ", ".join(f"`{name}`" for name in (*option.opts, *option.secondary_opts))
        text = " ".join((option.help or "").split()).replace("|", "\\|")
        needed = "必填 required. " if option.required else ""
        yield f"| {names} | {needed}{text} |"
    yield ""


if __name__ == "__main__":
    sys.stdout.write(command_page())
