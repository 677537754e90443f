"""What an office refuses to do: it does not fit what there is, or was not asked clearly."""

from __future__ import annotations

from models.issues import InputError, Issue


class ConflictError(InputError):
    """What is asked does not fit what there is by now; nothing was changed."""

    def __init__(self, code: str, zh: str, en: str, mend_zh: str = "", mend_en: str = "") -> None:
        super().__init__([Issue(code=code, zh=zh, en=en, mend_zh=mend_zh, mend_en=mend_en)])


class UnclearError(ConflictError):
    """It was not said, or not so that it can be done; nothing was changed."""
