"""The tables. Imported by ``store`` and ``actions`` alone: others ask ``store.queries``."""

from luoshi.store.models.account import Account, Post
from luoshi.store.models.case import CaseRow, ClockRow, Counter
from luoshi.store.models.fact import FactRow, PersonalValue, WalledValue
from luoshi.store.models.file import Attachment
from luoshi.store.models.key import ApplicationKey
from luoshi.store.models.outbox import Message
from luoshi.store.models.place import Area, Unit
from luoshi.store.models.programme import ProgrammeVersion
from luoshi.store.models.public import PublicRow
from luoshi.store.models.rate import RateCount
from luoshi.store.models.sight import Reveal, Unmasking
from luoshi.store.models.suggestion import SuggestionRow
from luoshi.store.models.token import ApiToken
from luoshi.store.models.topic import TopicBoard
from luoshi.store.models.upload import Upload
from luoshi.store.models.webhook import Delivery, Subscription

__all__ = [
    "Account",
    "ApiToken",
    "ApplicationKey",
    "Area",
    "Attachment",
    "CaseRow",
    "ClockRow",
    "Counter",
    "Delivery",
    "FactRow",
    "Message",
    "PersonalValue",
    "Post",
    "ProgrammeVersion",
    "PublicRow",
    "RateCount",
    "Reveal",
    "Subscription",
    "SuggestionRow",
    "TopicBoard",
    "Unit",
    "Unmasking",
    "Upload",
    "WalledValue",
]
