"""Every page of the office that has a name explains itself, and what it says is found by words."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.test import Client
from django.urls import ResolverMatch, URLPattern, URLResolver, reverse

from office import urls as office_urls
from office.help.loading import all_texts, of_page, search
from tests.factories.commons import OrganisationFactory

OWN = (
    "admin:index",
    "regua:index",
    "regua:editor",
    "regua:rehearsal",
    "regua:segments",
    "regua:approvals",
    "desk:template",
    "contacts:book",
    "contacts:quarantine",
    "contacts:hygiene",
    "dossier:export",
    "passports:can_write",
    "lists:aging",
    "lists:bulk_history",
    "imports:history",
    "admin:assignment_pilot_changelist",
    "settings:index",
    "settings:costs",
    "settings:goals",
    "policies:index",
    "first_steps:index",
    "help:index",
)


def match(name: str) -> ResolverMatch:
    group, _, own = name.rpartition(":")
    return ResolverMatch(lambda: None, (), {}, url_name=own, namespaces=[group] if group else [])


def named(patterns: object, group: str = "") -> Iterator[str]:
    """The full name of every address below."""
    for each in patterns:  # type: ignore[attr-defined]
        if isinstance(each, URLResolver):
            yield from named(each.url_patterns, each.namespace or group)
        elif isinstance(each, URLPattern) and each.name:
            yield f"{group}:{each.name}"


def test_every_named_page_of_the_office_has_help() -> None:
    names = set(named(office_urls.urlpatterns))
    models = {f"{m._meta.app_label}_{m._meta.model_name}" for m in admin.site._registry}
    names |= {f"admin:{model}_{kind}" for model in models for kind in ("changelist", "change", "add")}

    assert len(names) > 150
    assert sorted(name for name in names if of_page(match(name)) is None) == []


@pytest.mark.parametrize("name", OWN)
def test_page_people_work_on_is_explained(name: str) -> None:
    found = of_page(match(name))

    assert found is not None


def test_pages_that_differ_are_explained_apart() -> None:
    keys = {name: found.key for name in OWN if (found := of_page(match(name)))}

    assert len(set(keys.values())) == len(OWN)


@pytest.mark.parametrize("text", all_texts(), ids=lambda each: each.key)
def test_text_is_two_to_five_sentences_that_can_be_read(text: object) -> None:
    sentences = re.findall(r"[.?!](?:\s|$)", text.text)  # type: ignore[attr-defined]

    assert 2 <= len(sentences) <= 5


def test_search_takes_words_without_accents_and_prefers_titles() -> None:
    assert [each.key for each in search("regua")][:2] == ["regua", "regua-versao"]
    assert "politicas" in [each.key for each in search("MULTA juros")]
    assert search("xyzzy") == []
    assert search("") == list(all_texts())


@pytest.mark.django_db
class TestPage:
    @pytest.fixture
    def staff(self) -> Client:
        OrganisationFactory()
        client = Client()
        user = User.objects.create_superuser("ana")
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    def test_question_mark_stands_on_lists_and_pages(self, staff: Client) -> None:
        for name, words in (
            ("admin:cases_case_changelist", "Um caso é a jornada"),
            ("regua:index", "A régua diz quem recebe"),
        ):
            text = staff.get(reverse(name)).content.decode()
            assert ("O que é esta página" in text, words in text) == (True, True)

    def test_index_finds_and_says_when_it_does_not(self, staff: Client) -> None:
        assert (
            "1 explicação com “feriado municipal”"
            in staff.get("/admin/ajuda/?q=feriado municipal").content.decode()
        )
        assert "0 explicações com “xyzzy”" in staff.get("/admin/ajuda/?q=xyzzy").content.decode()

    def test_nobody_reads_it_without_signing_in(self) -> None:
        assert Client().get("/admin/ajuda/").status_code == 302
        assert "O que é esta página" not in Client().get("/admin/login/").content.decode()
