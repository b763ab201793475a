"""The weights of the evidence, and where each comes from.

Place, address, category and time: a logistic regression on the marks of the staff of Boston
(July to December 2011) whose note names the master case by its *short* number (1 175 pairs; the
217 with the full number were kept for the measurement), with 2 000 unmarked requests at weight
0.05 as further negatives. ``same_category`` is held at 0, so that a missing category is neutral.

Wording (``told_*``): texts that tell of the matter are rare there. From the likeness of 128
pairs of messages to a Chinese mayor's mailbox, read and judged one by one (53 the same matter):
fit on the square root of the overlap, then made steeper by hand, since the pairs were the best of
their pools. ``told_placed`` is a judgement: at a known place an overlap of 0.13 changes nothing.

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
    ),
    flag_from=0.7,
    unless=0.35,
)
