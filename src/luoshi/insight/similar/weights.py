"""The weights of the evidence, and where each comes from.

Place, address, category and time: a logistic regression on the marks of the staff of Boston
(July to December 2011) whose note names the master case by its *short* number (1 175 pairs; the
217 with the full number were kept for the measurement), with 2 000 unmarked requests at weight
0.05 as further negatives. ``same_category`` is held at 0, so that a missing category is neutral.

Wording (``told_*``): texts that tell of the matter are rare there. From the likeness of 128
pairs of messages to a Chinese mayor's mailbox, read and judged one by one (53 the same matter):
fit on the square root of the overlap, then made steeper by hand, since the pairs were the best of
their pools. ``told_placed`` is a judgement: at a known place an overlap of 0.13 changes nothing.

Areas, where one of the two has no real point. For two matters that have nothing to do with each
other the share of the area is how often they meet in it; ``in_one_area`` weighs the logarithm of
one over that share. ``apart`` is the logarithm of how often one matter is told from two areas,
``near_apart`` gives back what lying together in the area above makes likely anyway.

- ``titled_*``: of the pairs above from July to October (926 with both places known) 90.5 % bear
  one precinct (of 253), 4.1 % two precincts of one ward, 5.4 % two wards; of 7 176 other pairs of
  one type within five days 2.3 %, 6.2 % and 91.5 %. The logarithms of the ratios are 3.7, -0.4
  and -2.8. November and December were kept to judge by.
- ``told_*``: of the messages to the mailbox two of one sender with an overlap of 0.4 or more name
  the same district in 168 of 168 cases, with 0.1 to 0.4 in 254 of 259; others, with an overlap of
  0.05 to 0.1, in 46 %, where 16 % would meet by chance: 0.4 of the logarithm, and 0.35 is taken,
  lest a community say more than the same spot (``same_address`` and ``near``, 2.3 together).
  Told from two areas: one in 250 (0 of 168; Krichevsky and Trofimov would guess one in 340).

``told_elsewhere``: of the same pairs of one sender with an overlap of 0.4 or more 2 of 298 name in
their subjects places that the other does not mention; of pairs that have little in common 40 %.

``flag_from`` and ``unless`` were chosen on the short-number pairs alone.
"""

from typing import Final

from luoshi.insight.similar.evidence import Weighing

WEIGHING: Final = Weighing(
    coefficients=(
        -1.23,  # placed
        0.37,  # near
        -2.38,  # far
        2.12,  # same_address
        0.0,  # same_category
        -1.11,  # other_category
        -1.42,  # days
        -5.14,  # titled
        1.05,  # overlap_of_titles
        -3.2,  # told_placed
        -4.2,  # told_unplaced
        9.0,  # told_overlap
        0.7,  # titled_in_one_area
        -2.8,  # titled_apart
        0.8,  # titled_near_apart
        0.35,  # told_in_one_area
        -5.5,  # told_apart
        0.5,  # told_near_apart
        -4.0,  # told_elsewhere
    ),
    flag_from=0.7,
    unless=0.35,
)
