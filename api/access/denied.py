"""Errors of denied access; routes, pages and commands each present them in their own form."""

from __future__ import annotations

from api.access.actions import Action
from models.issues import InputError
from models.messages import issue


class DeniedError(InputError):
    """The actor may not do this, or not now."""


class SignInRequiredError(DeniedError):
    """Signing in is required."""

    def __init__(self) -> None:
        super().__init__([issue("sign_in_required")])


class UnseenError(DeniedError):
    """There is no such thing, or the actor may not know of it; both look the same."""

    def __init__(self) -> None:
        super().__init__([issue("unseen")])


class NoDataError(DeniedError):
    """The actor may ask about the area, but it has no data in use yet."""

    def __init__(self, area: str) -> None:
        super().__init__([issue("no_data", value=area)])


class NotAllowedError(DeniedError):
    """The actor may know of the thing, but not do this with it."""

    def __init__(self, action: Action) -> None:
        super().__init__([issue("not_allowed", action=action.label, action_en=action.label_en)])


class SignInFailedError(DeniedError):
    """A sign-in failed; the reason is not disclosed."""

    def __init__(self) -> None:
        super().__init__([issue("sign_in_failed")])


class SlowDownError(DeniedError):
    """Too many sign-ins failed; the next may come after ``wait_seconds``."""

    def __init__(self, wait_seconds: int) -> None:
        self.wait_seconds = wait_seconds
        super().__init__([issue("slow_down", seconds=wait_seconds)])


class ProviderSilentError(DeniedError):
    """The office's own sign-in system does not respond properly."""

    def __init__(self) -> None:
        super().__init__([issue("provider_silent")])
