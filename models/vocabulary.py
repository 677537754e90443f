"""The closed word lists of the domain; every member has a Chinese label.

Members are read by value, by name, by Chinese label or by one of their further spellings
(``models/spellings``), so that a clerk may write 律师 or 执业律师 and a program ``lawyer``.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Self

from models.spellings import folded, member_meant, without_remark


class Term(StrEnum):
    """A word of the vocabulary: ``value`` is the identifier, ``label`` the Chinese word."""

    label: str

    def __new__(cls, value: str, label: str) -> Self:
        """Make the member ``value`` carrying its Chinese ``label``."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        return cls.meant_by(str(value))

    @classmethod
    def meant_by(cls, text: str) -> Self | None:
        """Return the member that a text means, by its words or one of their spellings."""
        for plain in (folded(text), without_remark(text)):
            for member in cls:
                if plain in {folded(member.label), member.value, member.name.casefold()}:
                    return member
        name = member_meant(cls.__name__, text)
        return cls[name] if name else None


class BilingualTerm(Term):
    """A word with an English label beside the Chinese one."""

    label_en: str

    def __new__(cls, value: str, label: str, label_en: str) -> Self:
        """Make the member ``value`` carrying both labels."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        member.label_en = label_en
        return member


class AreaLevel(Term):
    """Administrative level of an area."""

    PROVINCE = "province", "省"
    CITY = "city", "市"
    COUNTY = "county", "县区"
    TOWNSHIP = "township", "乡镇街道"


class Terrain(Term):
    """Town or country: decides travel speed and the service circle (S0, S4: 30 / 60 min)."""

    TOWN = "town", "城区"
    COUNTRY = "country", "乡村"


class Datum(Term):
    """Coordinate system in which an office took its points; maps sold in China shift theirs."""

    WGS84 = "wgs84", "WGS84"
    GCJ02 = "gcj02", "GCJ-02"
    BD09 = "bd09", "BD-09"


class FirmKind(Term):
    """Kind of practice."""

    LAW_FIRM = "law_firm", "律师事务所"
    GRASSROOTS_OFFICE = "grassroots_office", "基层法律服务所"
    OTHER = "other", "其他机构"


class PersonKind(Term):
    """Kind of personnel."""

    LAWYER = "lawyer", "律师"
    GRASSROOTS = "grassroots", "基层法律服务工作者"
    MEDIATOR = "mediator", "专职人民调解员"
    NOTARY = "notary", "公证员"
    FORENSIC = "forensic", "司法鉴定人"
    VOLUNTEER = "volunteer", "法律援助志愿者"
    OFFICER = "officer", "司法所工作人员"
    TRAINEE = "trainee", "实习律师"
    ARBITRATOR = "arbitrator", "仲裁员"


class PersonTier(Term):
    """In what order people are called on; each only where those before fall short."""

    REGULAR = "regular", "正式"
    RESERVE = "reserve", "后备"
    VOLUNTEER = "volunteer", "志愿者"
    EXPERT = "expert", "专家"


class Gender(Term):
    """Gender, where a post or a case asks for it."""

    FEMALE = "female", "女"
    MALE = "male", "男"


class Speciality(Term):
    """Field of law a person is good at or a village needs."""

    FAMILY = "family", "婚姻家庭"
    LABOUR = "labour", "劳动"
    LAND = "land", "土地与集体资产"
    CONTRACT = "contract", "合同借贷"
    DAMAGES = "damages", "损害赔偿"
    TRAFFIC = "traffic", "道路交通"
    CRIMINAL = "criminal", "刑事"
    ADMINISTRATIVE = "administrative", "行政"
    CONSUMER = "consumer", "消费"
    PROPERTY = "property", "物业"
    MEDICAL = "medical", "医疗"
    TOURISM = "tourism", "旅游"
    ENVIRONMENT = "environment", "环境"
    COMMERCE = "commerce", "商会"


class SiteKind(Term):
    """Kind of place where people sit."""

    CENTRE = "centre", "公共法律服务中心"
    STATION = "station", "公共法律服务工作站"
    WORKROOM = "workroom", "公共法律服务工作室"
    MOBILE_POINT = "mobile_point", "流动服务点"
    COMMITTEE = "committee", "人民调解委员会"
    COURT = "court", "法院"
    PROCURATORATE = "procuratorate", "检察院"
    DETENTION = "detention", "看守所"
    HOTLINE = "hotline", "12348热线"
    POLICE = "police", "公安派出所"
    PETITION = "petition", "信访接待"


class PostKind(Term):
    """Kind of duty. The first four are the basic posts of a centre (S1)."""

    RECEPTION = "reception", "综合接待"
    CONSULTATION = "consultation", "法律咨询"
    LEGAL_AID = "legal_aid", "法律援助"
    MEDIATION = "mediation", "人民调解"
    NOTARY = "notary", "公证"
    FORENSIC = "forensic", "司法鉴定"
    PUBLICITY = "publicity", "法治宣传"
    DUTY_LAWYER = "duty_lawyer", "法律援助值班律师"
    HOTLINE = "hotline", "热线"
    ARBITRATION = "arbitration", "仲裁"
    TEAM = "team", "服务团"
    VISIT = "visit", "走访"


class Mode(Term):
    """How a duty is served."""

    ONSITE = "onsite", "现场"
    REMOTE = "remote", "远程"
    ON_CALL = "on_call", "电话"


class Part(Term):
    """Part of a day. A night belongs to the day on which it starts."""

    AM = "am", "上午"
    PM = "pm", "下午"
    NIGHT = "night", "夜间"


class DayClass(Term):
    """Class of a day, for fairness; a turn at night is a class of its own, whatever the day."""

    WORKDAY = "workday", "工作日"
    WEEKEND = "weekend", "周末"
    HOLIDAY = "holiday", "节假日"
    NIGHT = "night", "夜间"


class HolidayPolicy(Term):
    """What happens when a recurring day falls on a day that is not worked."""

    SKIP = "skip", "跳过"
    NEXT_WORKDAY = "next_workday", "顺延"
    PREVIOUS_WORKDAY = "previous_workday", "提前"
    KEEP = "keep", "照常"


class LeaveKind(Term):
    """Why a person is not available."""

    LEAVE = "leave", "请假"
    COURT = "court", "开庭"
    TRAINING = "training", "培训"
    BUSY = "busy", "其他占用"


class Attitude(Term):
    """What a wish asks for."""

    PREFER = "prefer", "希望"
    AVOID = "avoid", "不希望"
    BARRED = "barred", "不得安排"


class Ban(Term):
    """How firmly something is not to be: never, or only where nothing else is possible."""

    FORBIDDEN = "forbidden", "禁止"
    UNWISHED = "unwished", "尽量避免"


class LimitKind(Term):
    """What of a person's month a limit counts."""

    TURNS = "turns", "班次"
    WEEKENDS = "weekends", "上班周末"
    HOURS = "hours", "工时"


class WishTier(Term):
    """Which wishes are granted before others."""

    FIRST = "first", "优先满足"
    USUAL = "usual", "尽量满足"


class PinKind(Term):
    """What a pin fixes."""

    ADVISER = "adviser", "法律顾问"
    MEDIATOR = "mediator", "专职调解员"
    DUTY = "duty", "值班"
    STANDBY = "standby", "备班"
    VISIT = "visit", "走访"


class Strength(Term):
    """Whether a pinned assignment may change."""

    FIXED = "fixed", "固定"
    KEEP = "keep", "沿用"
