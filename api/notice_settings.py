"""Settings of the notices, a part of the service's: times, mail server, text messages, chat robots."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, IPvAnyNetwork, SecretStr
from pydantic_settings import BaseSettings, NoDecode


def split_words(value: Any) -> Any:
    """Read a list as an operator writes it: words with commas between."""
    return tuple(value.replace(",", " ").split()) if isinstance(value, str) else value


Words = Annotated[tuple[str, ...], NoDecode, BeforeValidator(split_words)]
"""Words with commas between them in the environment."""
HTTPS = r"^(https://[^\s#@]+)?$"


class NoticeSettings(BaseSettings):
    """When notices go out, and by which ways; a way without its address is closed."""

    notice_hour: int = Field(
        18,
        ge=0,
        le=23,
        title="每天几点汇总告知不急的变动、提醒次日的安排。Hour of the daily digest and of reminders for tomorrow.",
    )
    notice_soon_hours: int = Field(
        72,
        ge=0,
        le=744,
        title="几小时内开始的安排有变动立即告知。Hours within which a changed duty is told at once.",
    )
    smtp_host: str = Field(
        "", title="发信邮件服务器；不填则不发邮件。Mail server; empty: no e-mail."
    )
    smtp_port: int = Field(465, ge=1, le=65535, title="其端口。Its port.")
    smtp_security: Literal["tls", "starttls", "none"] = Field(
        "tls", title="加密方式；none 只用于本机。Encryption; none for this machine alone."
    )
    smtp_user: str = Field("", title="邮件账号。Account.")
    smtp_password: SecretStr = Field(SecretStr(""), title="邮件密码或授权码。Its password.")
    smtp_from: str = Field("", title="发件人地址。Address of the sender.")
    smtp_a_minute: int = Field(60, ge=1, title="每分钟最多几封邮件。Most e-mails a minute.")
    sms_url: str = Field(
        "",
        pattern=HTTPS,
        title="短信接口地址；不填则不发短信。Address of the gateway; empty: no SMS.",
    )
    sms_body: str = Field(
        '{"phone": "{phone}", "text": "{text}"}',
        title="短信请求正文，其中 {phone}、{text} 代入号码和内容。Body of its requests with {phone} and {text}.",
    )
    sms_type: str = Field(
        "application/json",
        title="正文类型；form 类型的代入值会作 URL 编码。Its content type; values are escaped for it.",
    )
    sms_token: SecretStr = Field(
        SecretStr(""), title="短信请求的 Authorization 头。Authorization header of its requests."
    )
    sms_success: str = Field(
        "",
        title='回答中出现此文字才算成功，如 "code":0；不填则看状态码。'
        "Text in its answer that means success; empty: the status code does.",
    )
    sms_a_minute: int = Field(60, ge=1, title="每分钟最多几条短信。Most SMS a minute.")
    webhook_url: str = Field(
        "",
        pattern=HTTPS,
        title="单位消息系统的回调地址；未另选方式的人由它转告。"
        "Address of the office's own message system, which tells everybody who chose no other way.",
    )
    webhook_secret: SecretStr = Field(
        SecretStr(""), title="回调签名密钥（HMAC-SHA256）。Key of its signature."
    )
    robot_hosts: Words = Field(
        ("qyapi.weixin.qq.com", "oapi.dingtalk.com", "open.feishu.cn"),
        title="群机器人所在的网站。Hosts of chat robots.",
    )
    notice_networks: Annotated[
        tuple[IPvAnyNetwork, ...], NoDecode, BeforeValidator(split_words)
    ] = Field((), title="上述接口可在内网的网段。Networks of these hosts that are not public.")
    notice_ca: str = Field(
        "",
        title="上述接口的证书颁发机构（PEM 文件），代替公共机构。File of their authorities, in place of the public ones.",
    )
