"""Why somebody is not let in, or not let on: said by routes, pages and commands in their own form."""

from __future__ import annotations

from api.access.actions import Action
from models.issues import InputError
from models.messages import issue


class DeniedError(InputError):
    """Who asks may not do this, or not now."""


class SignInRequiredError(DeniedError):
    """Nobody may do this without having signed in."""

    def __init__(self) -> None:
        super().__init__([issue("sign_in_required")])


class UnseenError(DeniedError):
    """There is no such thing, or the actor may not know of it; both look the same."""

    def __init__(self) -> None:
        super().__init__([issue("unseen")])


class NoDataError(DeniedError):
    """The actor may ask about the area, but no data were put to use for it yet."""

    def __init__(self, area: str) -> None:
        super().__init__([issue("no_data", value=area)])


class NotAllowedError(DeniedError):
    """The actor may know of the thing, but not do this with it."""

    def __init__(self, action: Action) -> None:
        super().__init__([issue("not_allowed", action=action.label, action_en=action.label_en)])


class SignInFailedError(DeniedError):
    """A sign-in failed; why is told to nobody."""

    def __init__(self) -> None:
        super().__init__([issue("sign_in_failed")])


class SlowDownError(DeniedError):
    """Too many sign-ins failed; the next may come after ``wait_seconds``."""

    def __init__(self, wait_seconds: int) -> None:
        self.wait_seconds = wait_seconds
        super().__init__([issue("slow_down", seconds=wait_seconds)])


class ProviderSilentError(DeniedError):
    """The office's own sign-in system does not answer as one."""

    def __init__(self) -> None:
        super().__init__([issue("provider_silent")])
