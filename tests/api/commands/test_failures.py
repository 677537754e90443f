"""What the operating system refuses is told in the catalogue's words, and nothing is raised."""

from __future__ import annotations

import errno
import os
from typing import NoReturn

import pytest

from api.commands.exit_codes import exit_code

REFUSED = {
    errno.ENOENT: "path_missing",
    errno.EACCES: "path_forbidden",
    errno.EPERM: "path_forbidden",
    errno.EROFS: "path_read_only",
    errno.ENOSPC: "path_disk_full",
    errno.EDQUOT: "path_quota",
    errno.EFBIG: "path_size_limit",
    errno.ENOTDIR: "path_not_folder",
    errno.EEXIST: "path_not_folder",
    errno.EISDIR: "path_is_folder",
    errno.ENAMETOOLONG: "path_too_long",
    errno.EBUSY: "path_in_use",
    errno.EIO: "path_refused",
}


@pytest.mark.parametrize("number", REFUSED)
def test_what_the_system_refuses_is_told(number: int, capsys: pytest.CaptureFixture[str]) -> None:
    path = "长" * 80 + ".xlsx"

    def program() -> NoReturn:
        raise OSError(number, os.strerror(number), path)

    assert exit_code(program) == 2
    said = capsys.readouterr()
    assert (said.out, f"「{path}」" in said.err) == ("", True)
    assert f"[{REFUSED[number]}]" in said.err


def test_failure_without_a_path_shows_none(capsys: pytest.CaptureFixture[str]) -> None:
    def program() -> NoReturn:
        raise OSError(errno.ENOSPC, "full")

    assert exit_code(program) == 2
    assert capsys.readouterr().err.startswith("无法读写：磁盘已满。")


def test_error_of_the_program_is_told_without_its_text(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ZHIBAN_DEBUG", raising=False)

    def program() -> NoReturn:
        raise ZeroDivisionError("secret")

    assert exit_code(program) == 70
    said = capsys.readouterr().err
    assert said.startswith("程序内部错误（ZeroDivisionError），没有写出任何结果。")
    assert ("[command_broken]" in said, "secret" in said) == (True, False)


def test_interrupt_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code(lambda: 130) == 130
    assert "[command_interrupted]" in capsys.readouterr().err
