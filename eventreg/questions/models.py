"""Questions of an event, their options, and the answers."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventreg.database import Base, UTCDateTime
from eventreg.registrations.models import Registration


class Question(Base):
    """One question on an event's form. One that was answered is never deleted, only taken off the form."""

    __tablename__ = "questions"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('short_text', 'long_text', 'one_of', 'several_of', 'yes_no', 'institution', 'access_needs')",
            name="kind",
        ),
        CheckConstraint("kind <> 'access_needs' OR NOT required", name="access_needs_are_optional"),
        Index("ix_questions_event", "event_id", "position"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id", ondelete="CASCADE"))
    position: Mapped[int] = mapped_column()
    kind: Mapped[str] = mapped_column(String(12))
    ready_made: Mapped[str] = mapped_column(String(20), default="")  # institution, diet ...: words in both languages
    label: Mapped[str] = mapped_column(String(200))
    hint: Mapped[str] = mapped_column(String(300), default="")
    required: Mapped[bool] = mapped_column(default=False)
    purpose: Mapped[str] = mapped_column(String(300))  # why it is asked: RODO art. 5(1)(c), shown with the clause
    required_purpose: Mapped[str] = mapped_column(String(300), default="")  # why it has to be answered (duties.md 4)
    removed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # off the form; its answers stay

    options: Mapped[list["QuestionOption"]] = relationship(
        back_populates="question", order_by="QuestionOption.position", cascade="all, delete-orphan"
    )


class QuestionOption(Base):
    """One thing to choose; `places` limits how many live registrations may choose it (30 seats on the bus)."""

    __tablename__ = "question_options"
    __table_args__ = (CheckConstraint("places IS NULL OR places >= 1", name="places"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("questions.id", ondelete="CASCADE"), index=True)
    position: Mapped[int] = mapped_column()
    label: Mapped[str] = mapped_column(String(200))
    places: Mapped[int | None] = mapped_column()
    removed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    question: Mapped[Question] = relationship(back_populates="options")


class Answer(Base):
    """What one person answered to one question: a text, or chosen options ('yes' of yes/no is the text 'yes')."""

    __tablename__ = "answers"
    __table_args__ = (UniqueConstraint("registration_id", "question_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    registration_id: Mapped[int] = mapped_column(ForeignKey("registrations.id", ondelete="CASCADE"))
    question_id: Mapped[int] = mapped_column(ForeignKey("questions.id", ondelete="CASCADE"), index=True)
    text: Mapped[str] = mapped_column(Text, default="")

    registration: Mapped[Registration] = relationship()
    question: Mapped[Question] = relationship()
    chosen: Mapped[list["ChosenOption"]] = relationship(cascade="all, delete-orphan")


class ChosenOption(Base):
    """An option chosen in an answer."""

    __tablename__ = "chosen_options"

    answer_id: Mapped[int] = mapped_column(ForeignKey("answers.id", ondelete="CASCADE"), primary_key=True)
    option_id: Mapped[int] = mapped_column(
        ForeignKey("question_options.id", ondelete="CASCADE"), primary_key=True, index=True
    )

    option: Mapped[QuestionOption] = relationship()
