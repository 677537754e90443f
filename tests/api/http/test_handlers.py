"""Every error of the domain is said by HTTP with its own status and words, in one place."""

from __future__ import annotations

import datetime as dt

import pytest

from api.access.actions import Action
from api.access.denied import (
    DeniedError,
    NoDataError,
    NotAllowedError,
    ProviderSilentError,
    SignInFailedError,
    SignInRequiredError,
    SlowDownError,
    UnseenError,
)
from api.http.handlers import problem_of
from api.office.conflicts import ConflictError, UnclearError
from models.issues import InputError, Issue
from models.store.database.errors import (
    ClashError,
    Clashing,
    NotFoundError,
    RepeatedError,
    StaleError,
    StoreError,
    UnavailableError,
)
from models.vocabulary import Part
from tests.told import code_told

ISSUE = Issue(code="x", zh="坏了", en="It broke", mend_zh="请修好", mend_en="Mend it")
CLASH = Clashing("L1", dt.date(2026, 12, 1), Part.AM, 1, 2, "410105")


class BadRowError(InputError):
    """A kind of bad input that nobody has listed."""


STATUSES: dict[InputError, int] = {
    SignInRequiredError(): 401,
    SignInFailedError(): 401,
    NotAllowedError(Action.SOLVE): 403,
    UnseenError(): 404,
    NoDataError("410105"): 404,
    NotFoundError("no_instance", "x"): 404,
    UnclearError(ISSUE): 400,
    ConflictError(ISSUE): 409,
    ClashError([CLASH]): 409,
    RepeatedError(): 409,
    StaleError(1, 2): 412,
    BadRowError([ISSUE, ISSUE]): 422,
    SlowDownError(8): 429,
    ProviderSilentError(): 503,
    UnavailableError(ISSUE): 503,
    StoreError(ISSUE): 409,
}


@pytest.mark.parametrize(("error", "status"), STATUSES.items(), ids=lambda value: str(value)[:30])
def test_each_error_of_the_domain_has_its_status(error: InputError, status: int) -> None:
    assert problem_of(error).status == status


def test_no_kind_of_denial_passes_for_bad_input() -> None:
    listed = {type(error) for error in STATUSES}
    assert set(DeniedError.__subclasses__()) <= listed


def test_denials_tell_their_message() -> None:
    assert SignInRequiredError().issues[0].code == "sign_in_required"
    assert code_told(problem_of(ProviderSilentError()).members) == "provider_silent"
    assert code_told(problem_of(NoDataError("410105")).members) == "no_data"


def test_words_are_those_of_the_issue() -> None:
    told = problem_of(UnavailableError(ISSUE)).members
    assert told == {"detail": "坏了。请修好", "detail_en": "It broke. Mend it"}
    unseen = UnseenError().issues[0]
    assert problem_of(UnseenError()).members["detail"] == f"{unseen.zh}。{unseen.mend_zh}"


def test_bad_input_tells_every_issue() -> None:
    assert len(problem_of(BadRowError([ISSUE, ISSUE])).members["issues"]) == 2


def test_what_only_http_needs_goes_along() -> None:
    assert problem_of(SlowDownError(8)).headers == {"Retry-After": "8"}
    assert "WWW-Authenticate" in problem_of(SignInRequiredError()).headers
    assert problem_of(ClashError([CLASH])).members["clashes"][0]["person"] == "L1"
