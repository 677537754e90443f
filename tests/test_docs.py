"""Documents say what the program does today."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from api.commands.command_page import command_page
from api.settings import settings_table
from scenarios.whatif.change_reference import change_reference
from solver.profiles import profile_names
from solver.rule_reference import rule_reference
from solver.rules import rule_types

ROOT = Path(__file__).parents[1]
READMES = ("README.md", "README.zh-CN.md")
PAGES = (*READMES, "CONTRIBUTING.md", "api/routes/README.md", "api/deploy/README.md")


def commands() -> set[str]:
    """Return the commands the program offers."""
    help_text = subprocess.run(
        [sys.executable, "-m", "api.commands.cli", "--help"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return set(re.findall(r"^  ([a-z-]+)  ", help_text.split("Commands:")[1], flags=re.M))


def test_rule_reference_is_what_the_rules_say() -> None:
    page = (ROOT / "solver/rules/README.md").read_text(encoding="utf-8")
    assert page == rule_reference(), "run: zhiban rules --markdown > solver/rules/README.md"


def test_change_reference_is_what_the_changes_say() -> None:
    page = (ROOT / "scenarios/changes/README.md").read_text(encoding="utf-8")
    assert page == change_reference(), (
        "run: zhiban changes --markdown > scenarios/changes/README.md"
    )


def test_settings_page_is_what_the_settings_say() -> None:
    page = (ROOT / "api/SETTINGS.md").read_text(encoding="utf-8")
    assert page == settings_table(), "run: zhiban settings > api/SETTINGS.md"


def test_command_page_is_what_the_commands_say() -> None:
    page = (ROOT / "api/commands/README.md").read_text(encoding="utf-8")
    assert page == command_page(), (
        "run: python -m api.commands.command_page > api/commands/README.md"
    )


def test_chinese_readme_names_every_command() -> None:
    text = (ROOT / "README.zh-CN.md").read_text(encoding="utf-8")
    assert set(re.findall(r"`zhiban ([a-z-]+)", text)) == commands()


def test_readme_names_only_commands_there_are() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert set(re.findall(r"(?:bin/|`)zhiban ([a-z-]+)", text)) <= commands()


def test_readmes_show_the_folders_there_are() -> None:
    for name in READMES:
        text = (ROOT / name).read_text(encoding="utf-8")
        for package in ("models", "solver", "scenarios", "api"):
            (line,) = re.findall(rf"^{package}/ +(.*)$", text, flags=re.M)
            shown = set(re.findall(r"\b[a-z]+\b", line))
            rooms = {p.name for p in (ROOT / package).iterdir() if any(p.glob("*.py"))}
            assert rooms - {"docs", "http"} <= shown, f"{name}: {package}"


@pytest.mark.parametrize("name", PAGES)
def test_links_lead_somewhere(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", text) if "://" not in link]
    assert [link for link in links if not (ROOT / name).parent.joinpath(link).exists()] == []


@pytest.mark.parametrize("name", READMES)
def test_readme_names_every_profile(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert [profile for profile in profile_names() if f"`{profile}`" not in text] == []


def test_changelog_counts_the_rules() -> None:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"- {len(rule_types())} rules, one file each" in text
