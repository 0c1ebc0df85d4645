"""Saved filters: whose they are, what they may hold, and which one a list opens with."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from members.models import Member
from office.models import DefaultFilter, SavedFilter

pytestmark = pytest.mark.django_db

CASES = reverse("admin:cases_case_changelist")
SAVED = reverse("lists:saved", args=["cases", "case"])


def keep(client: Client, query: str, name: str = "Com a equipe", **more: str) -> list[str]:
    answer = client.post(SAVED, {"query": query, "name": name, **more}, follow=True)
    return [str(message) for message in answer.context["messages"]]


def change(client: Client, saved: SavedFilter, **fields: str) -> list[str]:
    url = reverse("lists:change_saved", args=["cases", "case", saved.pk])
    answer = client.post(url, fields, follow=True)
    return [str(message) for message in answer.context["messages"]]


def names(client: Client, url: str = CASES) -> list[str]:
    page = client.get(url)
    return [chip.saved.name for chip in page.context["chips"]]


@pytest.fixture
def shared(office: Client, book: list[Member]) -> SavedFilter:
    keep(office, "state__exact=escalated", shared="on")
    return SavedFilter.objects.get()


def test_filter_is_kept_without_what_is_about_the_page(office: Client, book: list[Member]) -> None:
    said = keep(office, "p=2&state__exact=escalated&o=-2&_changelist_filters=x")

    assert said == ["Filtro “Com a equipe” salvo."]
    assert SavedFilter.objects.get().query == "o=-2&state__exact=escalated"


@pytest.mark.parametrize(
    ("query", "refusal"),
    [
        ("", "Filtre, busque ou ordene a lista antes de salvar: ainda não há o que guardar."),
        ("p=3", "Filtre, busque ou ordene a lista antes de salvar: ainda não há o que guardar."),
        (
            "password__exact=1",
            "Esta lista não conhece esse filtro. Nada se perdeu: volte à lista e filtre de novo.",
        ),
        (
            "member__document__startswith=5",
            "Esta lista não conhece esse filtro. Nada se perdeu: volte à lista e filtre de novo.",
        ),
        ("q=529.982.247-25", "Um filtro salvo não guarda CPF, CNPJ, telefone nem e-mail. Busque pelo nome."),
        ("q=ana@example.com", "Um filtro salvo não guarda CPF, CNPJ, telefone nem e-mail. Busque pelo nome."),
        ("q=5511987654321", "Um filtro salvo não guarda CPF, CNPJ, telefone nem e-mail. Busque pelo nome."),
    ],
)
def test_filter_that_the_list_does_not_allow_or_that_names_somebody_is_refused(
    office: Client, book: list[Member], query: str, refusal: str
) -> None:
    assert keep(office, query)[0] == refusal
    assert SavedFilter.objects.count() == 0


def test_same_name_again_replaces_the_filter(office: Client, book: list[Member]) -> None:
    keep(office, "state__exact=soft", name="Meus")
    keep(office, "state__exact=escalated", name="meus")

    assert [(saved.name, saved.query) for saved in SavedFilter.objects.all()] == [
        ("Meus", "state__exact=escalated")
    ]


def test_colleague_sees_what_is_shared_and_not_what_is_private(
    office: Client, colleague: Client, shared: SavedFilter
) -> None:
    keep(office, "state__exact=soft", name="Só meu")

    assert names(office) == ["Com a equipe", "Só meu"]
    assert names(colleague) == ["Com a equipe"]


def test_colleague_may_neither_rename_nor_delete_it(colleague: Client, shared: SavedFilter) -> None:
    for fields in ({"do": "change", "name": "Outro"}, {"do": "delete"}):
        assert change(colleague, shared, **fields) == ["Só quem criou o filtro pode mudá-lo ou apagá-lo."]
    assert SavedFilter.objects.get().name == "Com a equipe"


def test_private_filter_of_somebody_else_is_not_there(
    office: Client, colleague: Client, book: list[Member]
) -> None:
    keep(office, "state__exact=soft")
    saved = SavedFilter.objects.get()

    url = reverse("lists:change_saved", args=["cases", "case", saved.pk])
    assert colleague.post(url, {"do": "default"}).status_code == 404


def test_list_opens_with_the_chosen_filter_until_all_rows_are_asked_for(
    colleague: Client, shared: SavedFilter
) -> None:
    assert change(colleague, shared, do="default") == ["A lista agora abre com “Com a equipe” para você."]

    opened = colleague.get(CASES, follow=True)
    assert opened.redirect_chain == [(f"{CASES}?state__exact=escalated", 302)]
    assert opened.context["cl"].queryset.count() == 1
    everything = colleague.get(CASES, {"q": ""})
    assert everything.context["cl"].queryset.count() == 3

    assert change(colleague, shared, do="default") == ["A lista volta a abrir sem filtro para você."]
    assert colleague.get(CASES).status_code == 200


def test_filter_no_longer_shared_is_no_longer_anybody_else_s_first(
    office: Client, colleague: Client, shared: SavedFilter
) -> None:
    change(colleague, shared, do="default")
    change(office, shared, do="change", name="Com a equipe")

    assert DefaultFilter.objects.count() == 1
    assert colleague.get(CASES).status_code == 200


def test_chips_are_counted_when_somebody_asks(office: Client, shared: SavedFilter) -> None:
    keep(office, "state__exact=soft", name="Amigável")

    page = office.get(reverse("lists:counts", args=["cases", "case"]))

    assert {chip.saved.name: chip.count for chip in page.context["chips"]} == {
        "Com a equipe": 1,
        "Amigável": 2,
    }


def test_filter_the_list_has_outgrown_says_so_and_can_be_deleted(office: Client, shared: SavedFilter) -> None:
    SavedFilter.objects.update(query="gone__exact=1")

    page = office.get(SAVED)
    assert [chip.count for chip in page.context["chips"]] == [None]
    assert "não vale mais" in page.content.decode()
    assert change(office, shared, do="delete") == [
        "Filtro “Com a equipe” apagado. As linhas da lista não mudaram."
    ]


def test_renaming_to_a_name_in_use_is_refused(office: Client, shared: SavedFilter) -> None:
    keep(office, "state__exact=soft", name="Amigável")

    assert change(office, shared, do="change", name="amigável") == [
        "Você já tem um filtro com esse nome nesta lista."
    ]


def test_nobody_reaches_a_list_they_may_not_see(client: Client, shared: SavedFilter) -> None:
    user = User.objects.create_user("caio", password="uma senha longa", is_staff=True)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")

    for name in ("totals", "counts", "saved", "export"):
        assert client.get(reverse(f"lists:{name}", args=["cases", "case"])).status_code == 403
    assert client.get(reverse("lists:totals", args=["cases", "nothing"])).status_code == 404
    client.logout()
    assert client.get(SAVED).status_code == 302


def test_empty_page_says_how_a_filter_is_made(office: Client, book: list[Member]) -> None:
    assert "use “Salvar este filtro”" in office.get(SAVED).content.decode()
