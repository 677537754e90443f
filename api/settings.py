"""Settings of the service, read from the environment: ``ZHIBAN_PORT=8080 zhiban serve``."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, IPvAnyNetwork, SecretStr, ValidationError
from pydantic_settings import NoDecode, SettingsConfigDict

from api.job_settings import JobSettings
from api.notice_settings import NoticeSettings, Words, split_words
from models.issues import InputError, Issue
from models.messages import Spot, issue

PREFIX = "ZHIBAN_"


class ServiceSettings(NoticeSettings):
    """Every setting with its default; a field's title is what an operator reads, Chinese first."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True)

    data: Path = Field(
        Path("data"),
        title="数据文件夹：数据库、上传与导出。Folder of database, uploads and exports.",
    )
    database: SecretStr = Field(
        SecretStr(""),
        title="PostgreSQL 地址；不填则用数据文件夹里的 SQLite。URL of PostgreSQL; empty: SQLite in the data folder.",
    )
    host: str = Field("127.0.0.1", title="监听地址。Address to listen on.")
    port: int = Field(8000, ge=0, le=65535, title="监听端口。Port to listen on.")
    address: str = Field(
        "",
        pattern=r"^(https?://[^/?#@\s]+(/[^?#\s]*)?)?$",
        title="对外网址，写进订阅链接、二维码，如 https://zhiban.example.gov.cn；不填则用监听地址。"
        "Public address, written into links and QR codes; empty: the address it listens on.",
    )
    proxies: Annotated[tuple[IPvAnyNetwork, ...], NoDecode, BeforeValidator(split_words)] = Field(
        (ip_network("127.0.0.1"), ip_network("::1")),
        title="可信的反向代理的地址或网段，用逗号隔开；只采信它们转来的来访者地址（X-Forwarded-For）。"
        "Addresses or networks of trusted proxies; only theirs is believed who the client is.",
    )
    workers: int = Field(
        1,
        ge=0,
        le=64,
        title="同时启动的求解进程；0 为另行启动。Worker processes started along; 0: started apart.",
    )
    solves_at_once: int = Field(
        2, ge=1, le=64, title="所有求解进程合计同时求解几个。Solves at once, all workers together."
    )
    area_jobs: int = Field(
        50,
        ge=1,
        title="一个地区最多有几个任务在排队或进行中。Jobs of one area that may wait or run.",
    )
    solve_seconds: float = Field(
        900, ge=1, title="一次求解最多几秒。Most seconds a solve may ask for."
    )
    question_solves: int = Field(
        30,
        ge=2,
        le=1000,
        title="一个假设分析问题最多求解几次（方案连同基准，乘以种子）。"
        "Most solves of a what-if question: scenarios and base, times seeds.",
    )
    question_seconds: float = Field(
        7200,
        ge=1,
        title="一个问题的全部求解合计最多几秒。Most seconds that all solves of a question may ask for.",
    )
    body_mb: float = Field(32, gt=0, title="请求正文最多几 MB。Most megabytes of a request.")
    body_seconds: float = Field(
        300, gt=0, title="请求正文最多传几秒。Most seconds that a request may take to arrive."
    )
    json_depth: int = Field(
        32, ge=4, le=200, title="JSON 最多嵌套几层。Deepest nesting of a JSON request."
    )
    swap_notice_days: int = Field(
        1,
        ge=0,
        le=60,
        title="律师、机构须在值班几天前申请换班；司法局、司法所代为申请不限。"
        "Days before a duty until which a swap may be asked for; an office may at any time.",
    )
    busy_hosts: Words = Field(
        (),
        title="可读取本人日历的网站，用逗号隔开，如 calendar.example.cn,.example.org；不填则只能上传文件。"
        "Hosts from which people's own calendars may be read; none: uploads alone.",
    )
    busy_networks: Annotated[tuple[IPvAnyNetwork, ...], NoDecode, BeforeValidator(split_words)] = (
        Field(
            (),
            title="其中可在内网的网段，如 10.2.0.0/16。Networks of such hosts that are not public.",
        )
    )
    busy_ca: str = Field(
        "",
        title="这些网站的证书颁发机构（PEM 文件），代替公共机构。"
        "File of the authorities of such hosts, in place of the public ones.",
    )
    rows: int = Field(500_000, ge=1, title="一份输入最多几行。Most rows of an input.")
    job_days: int = Field(
        30,
        ge=1,
        le=3650,
        title="已结束的任务和导出文件保留几天；草稿、已发布排班的来历不删。"
        "Days that ended jobs and exported files are kept; the job behind a draft or a published roster stays.",
    )
    secure_cookies: bool = Field(
        True,
        title="Cookie 只经 HTTPS 发送；只在本机试用时可设 false。Cookies over HTTPS only; false for a trial on one machine.",
    )
    oidc_issuer: str = Field(
        "", title="统一身份认证的签发者网址。Issuer of OpenID Connect, if any."
    )
    oidc_client_id: str = Field("", title="统一身份认证的客户端编号。Client id.")
    oidc_client_secret: SecretStr = Field(
        SecretStr(""), title="统一身份认证的客户端密钥。Client secret."
    )
    oidc_claim: str = Field(
        "preferred_username", title="对应用户名的声明。Claim that names the user."
    )
    metrics_token: SecretStr = Field(
        SecretStr(""),
        title="读取 /metrics 的令牌；不填则只许本机。Token of /metrics; empty: this machine only.",
    )
    log_level: str = Field(
        "INFO", pattern="^(DEBUG|INFO|WARNING|ERROR)$", title="日志级别。Level of the log."
    )
    grace_seconds: float = Field(
        30, ge=0, title="停止时等待进行中请求的秒数。Seconds given to requests when stopping."
    )

    @classmethod
    def load(cls, **given: Any) -> ServiceSettings:
        """Read the environment; what is ``given`` (by the command line) wins.

        Raises
        ------
        InputError
            An Issue for every setting that cannot be used.
        """
        try:
            return cls(**{name: value for name, value in given.items() if value is not None})
        except ValidationError as error:
            raise InputError(list(_issues(error))) from None

    @property
    def store(self) -> str:
        """Where the store is: the URL of PostgreSQL, or the data folder."""
        return self.database.get_secret_value() or str(self.data)

    @property
    def external(self) -> str:
        """The address written into every link, never one that a request names."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return (self.address or f"http://{host}:{self.port}").rstrip("/")

    @property
    def jobs(self) -> JobSettings:
        """Settings of the queue, which lies beside the store."""
        queue = self.database.get_secret_value() or f"sqlite:///{self.data.resolve()}/jobs.db"
        return JobSettings(
            database=queue,
            store=self.store,
            folder=self.data.resolve() / "work",
            solves_at_once=self.solves_at_once,
            most_seconds=self.solve_seconds,
            most_solves=self.question_solves,
            most_question_seconds=self.question_seconds,
            most_rows=self.rows,
            most_bytes=int(self.body_mb * 1e6),
            grace=max(1.0, self.grace_seconds),
        )

    def make_folder(self) -> None:
        """Make the data folder, for the owner's eyes alone."""
        self.data.mkdir(mode=0o700, parents=True, exist_ok=True)

    def environment(self) -> dict[str, str]:
        """Return the variables from which another process reads the same settings."""
        values = {name: getattr(self, name) for name in type(self).model_fields}
        return {f"{PREFIX}{name.upper()}": _told(value) for name, value in values.items()}


def _told(value: object) -> str:
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    return ",".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _issues(error: ValidationError) -> Iterator[Issue]:
    for found in error.errors(include_url=False, include_input=False):
        name = str(found["loc"][0]) if found["loc"] else ""
        field = ServiceSettings.model_fields.get(name)
        meaning, default = (field.title, field.default) if field else ("", "")
        yield issue(
            "setting",
            Spot("环境变量 environment", f"{PREFIX}{name.upper()}"),
            fault=found["msg"],
            meaning=meaning,
            default=default,
        )


def settings_table() -> str:
    """Return the table of all settings in Markdown."""
    lines = ["| 变量 variable | 默认 default | 含义 meaning |", "|---|---|---|"]
    for name, field in ServiceSettings.model_fields.items():
        default = (
            field.default.get_secret_value()
            if isinstance(field.default, SecretStr)
            else field.default
        )
        shown = "" if default in ("", ()) else f"`{_told(default)}`"
        lines.append(f"| `{PREFIX}{name.upper()}` | {shown} | {field.title} |")
    return "\n".join(lines) + "\n"
