"""Why somebody is not let in, or not let on: said by routes, pages and commands in their own form."""

from __future__ import annotations

from api.access.actions import Action
from models.issues import InputError, Issue


class DeniedError(InputError):
    """Who asks may not do this, or not now."""

    def __init__(self, code: str, zh: str, en: str) -> None:
        super().__init__([Issue(code=code, zh=zh, en=en)])


class SignInRequiredError(DeniedError):
    """Nobody may do this without having signed in."""

    def __init__(self) -> None:
        super().__init__("sign_in_required", "请先登录", "Sign in first")


class UnseenError(DeniedError):
    """There is no such thing, or the actor may not know of it; both look the same."""

    def __init__(self) -> None:
        super().__init__(
            "unseen", "没有这项内容，或您无权查看", "No such thing, or not yours to see"
        )


class NotAllowedError(DeniedError):
    """The actor may know of the thing, but not do this with it."""

    def __init__(self, action: Action) -> None:
        super().__init__(
            "not_allowed",
            f"您不能在这里{action.label}",
            f"You may not do this here: {action.label_en}",
        )


class SignInFailedError(DeniedError):
    """A sign-in failed; why is told to nobody."""

    def __init__(self) -> None:
        super().__init__(
            "sign_in_failed",
            "用户名或密码不对，或账号不能登录",
            "Name or password is wrong, or the account cannot sign in",
        )


class SlowDownError(DeniedError):
    """Too many sign-ins failed; the next may come after ``wait_seconds``."""

    def __init__(self, wait_seconds: int) -> None:
        self.wait_seconds = wait_seconds
        super().__init__(
            "slow_down",
            f"失败次数过多，请 {wait_seconds} 秒后再试",
            f"Too many failures; try again in {wait_seconds} s",
        )


class ProviderSilentError(DeniedError):
    """The office's own sign-in system does not answer as one."""

    def __init__(self) -> None:
        super().__init__(
            "provider_silent",
            "单位的登录系统没有正常应答，请稍后再试或改用密码登录",
            "The office's sign-in system does not answer; try later or use a password",
        )
