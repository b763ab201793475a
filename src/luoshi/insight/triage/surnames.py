"""Chinese surnames, and the words that begin like a name and are none.

Terms    surname 姓 · compound surname 复姓 · given name 名
Source   ``surnames.json``: the surnames in common use, after 《百家姓》 and the yearly name
         reports of the Ministry of Public Security, written down by hand
"""

import json
from importlib.resources import files
from typing import Final

_DATA = json.loads(files(__package__).joinpath("surnames.json").read_text("utf-8"))

SURNAMES: Final = frozenset(_DATA["surnames"])
COMPOUND_SURNAMES: Final = frozenset(_DATA["compound_surnames"].split())

NEVER_IN_A_NAME: Final = frozenset(_DATA["never_in_a_name"])
"""Function words that no given name carries."""

RARELY_IN_A_NAME: Final = frozenset(_DATA["rarely_in_a_name"])
"""Signs of a place, a unit or a matter: a name before a weak trigger does not hold them."""

NOT_NAMES: Final = tuple(_DATA["not_names"].split())
"""Words that begin with the sign of a surname: by their first two signs."""

PERSON_ENDINGS: Final = frozenset(_DATA["person_endings"])
"""Last signs of words for a person: by trade, office or kinship (会计, 村长, 弟弟)."""

KINSHIP_ENDINGS: Final = frozenset(_DATA["kinship_endings"])
"""Those of them that mean kin: behind them a name without a surname is believed too."""

NOT_GIVEN: Final = frozenset(_DATA["not_given"].split())
"""Forms of address and offices: 胡书记 is a surname and an office."""

PLACE_ENDINGS: Final = frozenset(_DATA["place_endings"])
"""Last signs of places and things: a word of three signs that ends so is no name."""

FOREIGN: Final = _DATA["foreign"]
"""Signs with which names of other languages are written: Uighur, Kazakh, Tibetan, Mongolian."""

NOT_FOREIGN: Final = tuple(_DATA["not_foreign"].split())
"""Places, firms and words made of those signs."""

GIVEN: Final = frozenset(_DATA["given"])
"""Signs that parents choose: two of them behind a surname are a name wherever they stand."""

GIVEN_ALONE: Final = frozenset(_DATA["given_alone"])
"""Signs that are given names by themselves (李静, 彭涛)."""
