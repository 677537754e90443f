"""Census: count the letters of a word."""

from typing import Literal

from api.jobs.contract.folder import RESULT, put
from api.jobs.contract.kind import JobKind, read_back
from api.jobs.contract.order import JobOrder
from api.jobs.contract.plan import File
from api.jobs.contract.verdict import JobEnd
from models.issues import Issue


class CensusOrder(JobOrder):
    kind: Literal["census"] = "census"
    word: str


class CensusKind(JobKind[CensusOrder]):
    order = CensusOrder
    label = "点数"

    def refuse(self, order, settings, results):
        issue = Issue(code="no_word", zh="没有字", en="no word", mend_zh="写", mend_en="write")
        return [] if order.word else [issue]

    def lay_out(self, taken, place):
        put(place / "word", taken.order.word.encode())

    def run(self, order, place, tell):
        letters = len((place / "word").read_text())
        tell("letters", {"letters": letters})
        put(place / RESULT, str(letters).encode())
        return "census.txt"

    def keep(self, taken, place, answer):
        taken.results.keep_file(
            taken.job, File(name=answer.file, content=(place / RESULT).read_bytes())
        )
        return read_back(self.kept(taken))

    def kept(self, taken):
        file = taken.results.read_file(taken.job)
        return JobEnd(file=file.name, counts={"letters": int(file.content)}) if file else None
