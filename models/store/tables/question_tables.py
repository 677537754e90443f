"""Tables of what-if questions: what was asked, and the files that its answers are."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from models.store.tables.columns import Base, Compressed


class QuestionRecord(Base):
    """One question of an area, about ``instance``; its id is that of the job that answers it."""

    __tablename__ = "questions"
    __table_args__ = (Index(None, "area", "created_at", "id"),)

    id: Mapped[str] = mapped_column(String(100), primary_key=True)
    area: Mapped[str] = mapped_column(String(60))
    instance: Mapped[str] = mapped_column(ForeignKey("instances.hash"))
    name: Mapped[str] = mapped_column(String(80))
    name_en: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Compressed, deferred=True)
    created_at: Mapped[dt.datetime]
    created_by: Mapped[str] = mapped_column(String(80))


class QuestionFile(Base):
    """A file of a question's answers, compressed: ``comparison.json``, ``runs/…/roster.json``."""

    __tablename__ = "question_files"

    question: Mapped[str] = mapped_column(ForeignKey("questions.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(255), primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
