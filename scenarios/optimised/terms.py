"""Word lists of the questions; cheap for the command line to import."""

from __future__ import annotations

from models.vocabulary import BilingualTerm


class Form(BilingualTerm):
    """What makes a site the best."""

    COVER = "cover", "覆盖最多", "covers most"
    MEDIAN = "median", "路途最短", "least travel"


class NewSiteKind(BilingualTerm):
    """What is set up at a site."""

    FIXED = "fixed", "固定站", "fixed station"
    MOBILE = "mobile", "流动服务点", "mobile point"


class Counted(BilingualTerm):
    """What is counted at a village."""

    VILLAGES = "villages", "村居", "villages"
    PEOPLE = "people", "人口", "people"


class PriceSource(BilingualTerm):
    """Where a price comes from."""

    DUAL = "dual", "对偶价", "dual price"
    RESOLVED = "resolved", "重解之差", "resolved difference"
