"""The house set up by two people: the checklist, a policy from draft to live and back, every page accessible."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import new_page
from tests.browser.test_office import violations
from tests.browser.walk import Walk
from tests.chromium import needs_chromium

pytestmark = [
    pytest.mark.browser,
    needs_chromium,
]

SETTINGS = "/admin/configuracoes/"
PAGES = (
    SETTINGS,
    *(f"{SETTINGS}parte/{area}/" for area in ("identity", "brands", "hours", "texts")),
    f"{SETTINGS}aviso/",
    f"{SETTINGS}custos/",
    f"{SETTINGS}metas/",
    "/admin/politicas/",
    "/admin/primeiros-passos/",
    "/admin/ajuda/",
    "/admin/inicio/numeros/",
)


def of_finance(walk: Walk, browser: Browser, problems: list[str]) -> Page:
    """Somebody of the finance team, logged in: the second person."""
    logins = json.loads((walk.stack.data_dir / "demo-logins.json").read_text())
    who = next(each for each in logins if each["username"] != "admin" and "inanceiro" in json.dumps(each))
    page = new_page(browser, problems)
    page.goto(f"{walk.web}/admin/")
    page.locator("input[name=username]").fill(who["username"])
    page.locator("input[name=password]").fill(who["password"])
    page.locator("button[type=submit]").click()
    page.wait_for_url("**/admin/")
    return page


def test_policy_is_drafted_by_one_approved_by_another_and_taken_back(
    walk: Walk, browser: Browser, problems: list[str]
) -> None:
    page = walk.office
    page.goto(f"{walk.web}/admin/politicas/")
    page.get_by_role("button", name="Mudar: fazer um rascunho de Negociação").click()
    page.get_by_label("Parcelas, no máximo").fill("5")
    page.get_by_label("Menor parcela (R$)").fill("20,00")
    page.get_by_label("O que muda e por quê").fill("Mais fôlego em dezembro")
    page.get_by_role("button", name="Salvar rascunho e ver o efeito").click()
    expect(page.get_by_text("Rascunho salvo. Veja abaixo o efeito em casos reais.")).to_be_visible()
    expect(page.get_by_text("até 5 parcelas de").first).to_be_visible()
    assert violations(page) == []
    page.get_by_role("button", name="Pedir aprovação").click()
    expect(page.get_by_text("Você pediu a aprovação: outra pessoa publica.")).to_be_visible()

    other = of_finance(walk, browser, problems)
    other.goto(page.url)
    other.get_by_role("button", name="Aprovar e pôr no ar para todos agora").click()
    expect(other.get_by_text("está no ar para todos, desde agora")).to_be_visible()
    most = "SELECT negotiation_policy->'installments'->>'max' FROM commons_organisation"
    assert walk.one(most) == "5"

    other.goto(f"{walk.web}/admin/politicas/")
    other.get_by_text("Versões anteriores").first.click()
    other.get_by_label("Por que voltar à versão anterior").fill("Só para dezembro")
    other.get_by_role("button", name="Voltar à versão anterior agora").click()
    expect(other.get_by_text("Volta à versão 1: Só para dezembro").first).to_be_visible()
    assert walk.one(most) == "3"
    other.context.close()


def test_checklist_leads_to_the_step_that_is_open(walk: Walk) -> None:
    page = walk.office
    page.goto(f"{walk.web}/admin/primeiros-passos/")
    expect(page.locator(".fs-list li")).to_have_count(9)
    page.get_by_role("link", name="Rever: Organização").click()
    expect(page.get_by_label("Nome fantasia")).to_have_value("Academia Horizonte")


def test_help_opens_beside_the_title_by_keyboard(walk: Walk) -> None:
    page = walk.office
    page.goto(f"{walk.web}/admin/politicas/")
    page.locator(".hp-page summary").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("A lei é o teto: multa de até 2%")).to_be_visible()
    page.get_by_role("link", name="Mais ajuda").click()
    page.get_by_label("Procurar", exact=True).fill("quarentena")
    page.get_by_role("button", name="Procurar", exact=True).click()
    expect(page.get_by_role("heading", name="Números em quarentena")).to_be_visible()


@pytest.mark.parametrize("path", PAGES)
def test_page_is_accessible_in_light_and_dark(walk: Walk, path: str) -> None:
    page = walk.office
    page.goto(f"{walk.web}{path}")
    light = violations(page)
    page.evaluate("document.documentElement.classList.add('dark')")

    assert (light, violations(page)) == ([], [])
