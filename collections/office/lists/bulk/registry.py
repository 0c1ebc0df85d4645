"""Every act there is, by its key."""

from office.lists.bulk.acts import Act
from office.lists.bulk.case_acts import (
    EscalateCases,
    HandBackCases,
    HoldCases,
    ReleaseHolds,
    StopAutomation,
)
from office.lists.bulk.member_acts import ReviewContacts, TagMembers, UntagMembers

ACTS: dict[str, Act] = {
    act.key: act
    for act in (
        HoldCases(),
        ReleaseHolds(),
        StopAutomation(),
        EscalateCases(),
        HandBackCases(),
        TagMembers(),
        UntagMembers(),
        ReviewContacts(),
    )
}
