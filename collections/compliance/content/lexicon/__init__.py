"""Words and phrases no contact may carry, in Portuguese and Spanish, by category F01 to F24.

Written against folded text: lower case, no accents. Both languages are always read: a country does not decide
in which one somebody writes. What only facts can judge (amounts, dates, links) is in `content.grounding`.
"""

from compliance.content.lexicon.conduct import HARSHNESS, PRESSURE
from compliance.content.lexicon.falsehood import FALSEHOOD, HUMAN_CLAIM, REASON_QUESTION
from compliance.content.lexicon.threats import COURT, CRIME, EXPOSURE

PHRASES = (*CRIME, *COURT, *EXPOSURE, *HARSHNESS, *FALSEHOOD, *PRESSURE)

__all__ = ["HUMAN_CLAIM", "PHRASES", "REASON_QUESTION"]
