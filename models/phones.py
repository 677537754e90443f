"""Which phone numbers may be shown: office numbers only, never a mobile."""

from __future__ import annotations

import re
import unicodedata

_MOBILE = re.compile(r"(?<!\d)(?:(?:\+|00)?86[-\s]*)?1[3-9]\d[-\s]*\d{4}[-\s]*\d{4}(?!\d)")


def office_phone(*numbers: str, private: str = "") -> str:
    """Return the first of ``numbers`` that may be posted in public, else an empty string.

    A clerk may have typed a mobile number into the column of office numbers: anything
    that looks like a mainland mobile, or equals the ``private`` number, is passed over.
    """
    return next((text for text in numbers if text and _is_office(text, private)), "")


def _is_office(number: str, private: str) -> bool:
    text = unicodedata.normalize("NFKC", number)
    hidden = _digits(private)
    return not _MOBILE.search(text) and not (hidden and hidden in _digits(text))


def _digits(text: str) -> str:
    return re.sub(r"\D", "", unicodedata.normalize("NFKC", text))


def without_mobiles(text: str) -> str:
    """Return ``text`` with every mainland mobile number in it replaced by a remark."""
    if not any(character.isdigit() for character in text):
        return text  # fast path: most names contain no digit
    plain = unicodedata.normalize("NFKC", text)
    return _MOBILE.sub("（号码不公开）", plain) if _MOBILE.search(plain) else text
