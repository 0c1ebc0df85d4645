"""The finance team's office: the régua from draft to rehearsal, and every page as accessible as WCAG AA asks."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.walk import Walk
from tests.chromium import needs_chromium

pytestmark = [
    pytest.mark.browser,
    needs_chromium,
]

AA = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}}
# The shell's own frame (its menu, its search) is the library's; what we put into it is ours.
OURS = {"include": [[".of-page"]]}
PAGES = (
    "/admin/",
    "/admin/regua/",
    "/admin/regua/segmentos/",
    "/admin/regua/segmentos/novo/",
    "/admin/regua/aprovacoes/",
    "/admin/contatos/livro/",
    "/admin/contatos/quarentena/",
    "/admin/contatos/higiene/",
)


def violations(page: Page) -> list[str]:
    """What axe finds in our part of the page: rule, what it means, and the first place."""
    found = Axe().run(page, context=OURS, options=AA).response["violations"]
    return [f"{each['id']}: {each['help']} ({each['nodes'][0]['html'][:120]})" for each in found]


def test_regua_is_changed_in_a_draft_rehearsed_and_asked_for(walk: Walk) -> None:
    page = walk.office
    page.goto(f"{walk.web}/admin/regua/")
    page.get_by_role("button", name="Mudar a régua: fazer um rascunho").click()
    page.get_by_role("link", name="Incluir etapa").click()
    page.get_by_label("Nome").fill("Vinte e dois dias")
    page.get_by_label("Dias do vencimento").fill("22")
    page.get_by_label("Texto").select_option("negotiation")
    page.get_by_label("Estado do caso").select_option("negotiation")
    page.get_by_role("button", name="Guardar no rascunho").click()
    expect(page.get_by_text("Nova etapa: Vinte e dois dias, 22 dias depois.")).to_be_visible()
    assert violations(page) == []
    version = page.url

    page.get_by_role("button", name="Ensaiar com a carteira real").click()
    expect(page.get_by_role("heading", name="Mensagens por dia e hora")).to_be_visible()
    assert violations(page) == []
    rehearsed = walk.one(
        "SELECT count(*) FROM cadence_rehearsedcontact WHERE outcome = 'allow' AND NOT is_live"
    )
    figure = page.locator(".rg-figures a").first
    assert int(figure.inner_text().replace(".", "")) == rehearsed
    figure.click()
    expect(page.get_by_role("heading", name="Ensaio da versão 2: contatos")).to_be_visible()
    assert violations(page) == []

    page.goto(version)
    page.get_by_role("button", name="Pedir aprovação").click()
    expect(page.get_by_text("Você pediu a aprovação: outra pessoa publica.")).to_be_visible()
    assert page.get_by_role("button", name="Aprovar e publicar para todos agora").count() == 0


@pytest.mark.parametrize("path", PAGES)
def test_page_is_accessible_in_light_and_dark(walk: Walk, path: str) -> None:
    page = walk.office
    page.goto(f"{walk.web}{path}")
    light = violations(page)
    page.evaluate("document.documentElement.classList.add('dark')")

    assert (light, violations(page)) == ([], [])
