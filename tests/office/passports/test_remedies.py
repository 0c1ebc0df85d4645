"""Every rule that can stop a contact says what would have to change."""

from compliance.enums import RuleId
from office.passports.remedies import _REMEDIES, _TEXT, remedy


def test_every_rule_that_is_not_about_words_has_a_remedy_of_its_own() -> None:
    about_words = {rule for rule in RuleId.values if rule.startswith("content:")}

    assert {rule for rule in RuleId.values if remedy(rule) == _TEXT} == about_words - set(_REMEDIES)


def test_rule_about_words_is_cured_by_other_words() -> None:
    assert (remedy("content:F01"), remedy("unknown")) == (_TEXT, _TEXT)
