"""When the internet is asked for a line that nobody hears, and what of that proves that it is down."""

import pytest

from provisioning.incidents.looks import AGAIN_SECONDS, EVERY_SECONDS, IN_VAIN, Looks


def looked(*answers: bool | None) -> Looks:
    looks = Looks()
    for number, each in enumerate(answers):
        looks = looks.asked(float(number)).seen(each)
    return looks


@pytest.mark.parametrize(
    ("answers", "unreached"),
    [
        ((), False),
        ((False,) * (IN_VAIN - 1), False),
        ((False,) * IN_VAIN, True),
        ((False, False, True, False, False), False),
        ((False, False, None, False, False), False),
        ((True, False, False, False), True),
        ((None,) * 9, False),
    ],
)
def test_only_looks_in_vain_one_after_the_other_prove_it(answers: tuple[bool | None, ...], unreached: bool) -> None:
    assert looked(*answers).unreached is unreached


def test_it_is_looked_at_at_once_and_soon_again_where_nothing_answered() -> None:
    assert Looks().due(0.0)
    assert not Looks().asked(0.0).due(100.0)  # that look is not over
    for answers, pause in (((False,), AGAIN_SECONDS), ((True,), EVERY_SECONDS), ((None,), EVERY_SECONDS)):
        looks = looked(*answers)
        assert not looks.due(pause - 0.1)
        assert looks.due(pause)
