"""Made-up names and numbers that nobody can take for a real person's."""

from __future__ import annotations

from collections import Counter
from itertools import product

import numpy as np
import numpy.typing as npt

from scenarios.generator.draws import stream

PERSON_MARK = "例·"
"""Every made-up person's name begins with this; 例 is no surname."""

FIRM_MARK = "示例·"
"""Every made-up firm's and office's name begins with this."""

HOST_MARK = "（示例）"
"""Ends the names of courts, procuratorates and detention centres: their duty is made up."""

_FIRST = (
    "清云晨秋春夏冬青白远静明和安宁朗松竹梅兰溪江湖海山岭星月晓暮晴雨"
    "雪霜露风川泉石林枫桐柏荷菊葵稻麦茶桑柳桂橙榆杉桦榕椰蕉苇芦萍苔禾"
)
_SECOND = (
    "岚野原汀洲谷坡岸桥亭舟帆灯窗檐笛琴弦书墨笺砚纸画诗歌曲影光声香霞"
    "虹波涛浪潮汐澜涧潭池井渡港湾屿峰崖丘麓径路巷圃园田畦垄仓舍村堤"
)
_WORDS = tuple(a + b for a, b in product(_FIRST, _SECOND) if a != b)

_DIALLING_CODES = {
    "4101": "0371", "3205": "0512", "3402": "0553", "3403": "0552", "5301": "0871",
    "5303": "0874", "5304": "0877", "5305": "0875", "5306": "0870", "5307": "0888",
    "5308": "0879", "5309": "0883", "5323": "0878", "5325": "0873", "5326": "0876",
    "5328": "0691", "5329": "0872", "5331": "0692", "5333": "0886", "5334": "0887",
}  # fmt: skip


class NameBook:
    """Hands out identifiers, names and office numbers without repetition."""

    def __init__(self, seed: int) -> None:
        """Shuffle the words once with ``seed``."""
        self._person_order = stream(seed, "person names").permutation(len(_WORDS))
        self._firm_order = stream(seed, "firm names").permutation(len(_WORDS))
        self._used: Counter[str] = Counter()

    def next_id(self, prefix: str) -> str:
        """Return the next identifier, such as ``L0001``."""
        self._used[prefix] += 1
        return f"{prefix}{self._used[prefix]:04d}"

    def person_name(self) -> str:
        """Return a new made-up name of a person."""
        return PERSON_MARK + self._word("person names", self._person_order)

    def firm_name(self, ending: str) -> str:
        """Return a new made-up name of a firm or office."""
        return FIRM_MARK + self._word("firm names", self._firm_order) + ending

    def phone(self, city_code: str) -> str:
        """Return an office number; no Chinese number begins with 000."""
        self._used["phones"] += 1
        return f"{_DIALLING_CODES.get(city_code, '0000')}-{self._used['phones']:08d}"

    def _word(self, use: str, order: npt.NDArray[np.int64]) -> str:
        turn, place = divmod(self._used[use], len(order))
        self._used[use] += 1
        return _WORDS[int(order[place])] + (str(turn + 1) if turn else "")
