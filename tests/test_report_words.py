"""The catalogues of the reports: nothing is left in English, nothing breaks when values are placed."""

import re

import pytest
from acceptances import ORDERS, product
from catalogues import catalogue, used

from provisioning.catalogue import FORMULAS
from provisioning.model.proof import CheckKind, Found
from provisioning.model.run import RunStage
from provisioning.model.verdict import Outcome, Viewpoint, Weight
from provisioning.reports import terms
from provisioning.reports.words import Language, Words

KINDS = {each.value for each in CheckKind}
FINDINGS = {each.value for each in Found}

each_language = pytest.mark.parametrize("language", ["fr", "nl"])


def placeholders(text: str) -> set[str]:
    return set(re.findall(r"%\(\w+\)s|%", text))


@each_language
def test_every_text_of_code_and_templates_is_translated(language: Language) -> None:
    known = catalogue(language)
    texts = set(used())
    assert len(texts) > 100
    for text in texts:
        msgid = text if isinstance(text, str) else text[0]
        message = known.get(msgid)
        assert message is not None, msgid
        assert all(message.string) if isinstance(message.string, tuple) else message.string, msgid


@each_language
def test_the_catalogue_translates_nothing_that_nobody_asks_for(language: Language) -> None:
    asked = {each if isinstance(each, str) else each[0] for each in used()} | FINDINGS
    for message in catalogue(language):
        msgid = message.id if isinstance(message.id, str) else message.id[0]
        assert not msgid or msgid in asked, msgid


@each_language
def test_translations_place_the_same_values_and_no_markup(language: Language) -> None:
    for message in catalogue(language):
        if not message.id:
            continue
        sources = (message.id,) if isinstance(message.id, str) else tuple(message.id)
        translated = (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
        wanted = placeholders(sources[0])
        for text in (*sources, *translated):
            assert placeholders(text) == wanted, text
            assert not set('<>&"') & set(text), text  # templates place these texts as they are, in attributes too
        assert not message.fuzzy


@each_language
def test_every_kind_has_a_title(language: Language) -> None:
    known = catalogue(language)
    assert set(terms.KINDS) == KINDS
    assert {kind for topic in terms.TOPICS for kind in topic.kinds} == KINDS
    for title in terms.KINDS.values():
        assert known.get(title) is not None, title


@each_language
def test_every_finding_is_translated(language: Language) -> None:
    known = catalogue(language)
    for finding in FINDINGS:
        message = known.get(finding)
        assert message is not None, finding
        assert message.string, finding


def test_the_vocabulary_of_a_verdict_is_complete() -> None:
    assert set(terms.OUTCOMES) == set(Outcome)
    assert set(terms.VIEWPOINTS) == set(Viewpoint)
    assert set(terms.WEIGHTS) == set(Weight)
    assert set(terms.STAGES) == set(RunStage)


NAMES_OF_THE_CONTRACT = {"Standard", "Basic", "Medium", "Premium", "Basic (Standard)"}


def test_the_contracts_words_are_known() -> None:
    for formula in FORMULAS.values():
        assert str(formula.access.value) in terms.TERMS
        assert str(formula.router.value) in terms.TERMS
        for level in formula.levels.value:
            assert level.window in terms.TERMS
            assert level.name in {*terms.TERMS, *NAMES_OF_THE_CONTRACT}
    for path in ORDERS.glob("*.yaml"):
        wifi = product(path.stem).wifi
        assert wifi is None or wifi.security in terms.TERMS


@pytest.mark.parametrize(
    ("language", "number", "fraction"), [("en", "1,234", "0.5"), ("fr", "1\u202f234", "0,5"), ("nl", "1.234", "0,5")]
)
def test_numbers_are_written_as_people_write_them(language: Language, number: str, fraction: str) -> None:
    words = Words(language)
    assert words.number(1234) == number
    assert words.number(0.5, 2) == fraction


@pytest.mark.parametrize(("language", "one", "none"), [("en", "months", "months"), ("fr", "mois", "mois")])
def test_counting_follows_the_language(language: Language, one: str, none: str) -> None:
    words = Words(language)
    assert words.count("%(number)s month", "%(number)s months", 0).endswith(none)
    assert words.count("%(number)s month", "%(number)s months", 2).endswith(one)


def test_french_counts_none_as_one() -> None:
    counted = Words("fr").count("%(number)s required check has failed.", "%(number)s required checks have failed.", 0)
    assert counted == "0 contrôle requis a échoué."


def test_an_empty_text_is_not_the_catalogues_header() -> None:
    assert Words("fr").text("") == ""
