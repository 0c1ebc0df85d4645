import pytest

from simulators.members.profile import MOVED_BY_CONTACT, Ask, Profile, effect

TOWN = [Profile.draw(number) for number in range(2000)]


def test_draw_of_the_same_number_is_the_same_person() -> None:
    assert [Profile.draw(number) for number in range(50)] == TOWN[:50]


def test_draw_of_other_numbers_gives_other_people() -> None:
    assert len({Profile.draw(number) for number in range(200)}) == 200


def test_effect_of_contact_on_late_people_lies_where_the_readme_says() -> None:
    alone, contacted = effect(TOWN, days=30)

    assert 0.26 < alone < 0.33
    assert 0.18 < contacted - alone < 0.24


def test_contact_never_keeps_anybody_from_paying() -> None:
    kept = [
        person
        for person in TOWN
        for late in (True, False)
        if person.pays_within(30, late=late, contacted=False)
        and not person.pays_within(30, late=late, contacted=True)
    ]

    assert kept == []


def test_whether_contact_moves_somebody_has_nothing_to_do_with_paying_alone() -> None:
    cures = [person for person in TOWN if person.self_cure is not None]
    others = [person for person in TOWN if person.self_cure is None]
    shares = [sum(p.is_moved for p in group) / len(group) for group in (cures, others)]

    assert all(abs(share - MOVED_BY_CONTACT) < 0.05 for share in shares)


def test_those_who_pay_because_of_contact_ask_for_nothing_that_would_stop_it() -> None:
    assert {person.ask for person in TOWN if person.is_moved} == {
        Ask.PIX,
        Ask.BALANCE,
        Ask.PROMISE,
        Ask.COUNTER,
    }


def test_changed_sets_traits_by_hand_and_refuses_unknown_ones() -> None:
    changed = Profile.draw(1).changed({"ask": "opt_out", "responds": 1.0})

    assert (changed.ask, changed.responds) == (Ask.OPT_OUT, 1.0)
    with pytest.raises(ValueError, match="courage is no trait"):
        changed.changed({"courage": 1})


def test_effect_of_nobody_is_nothing() -> None:
    assert effect([], days=30) == (0.0, 0.0)
