"""What a person could use on a page of the inbox."""

from __future__ import annotations

from lab.evaluation.operator import Page

HTML = """
<form method="get" action="/inbox/"><input type="search" name="q" value=""></form>
<a href="/inbox/7/?view=all" class="ib-card is-on" data-pk="7">Ana</a><a class="ib-view" href="/inbox/">x</a>
<form method="post" action="/inbox/7/devolver/?view=all"><input type="hidden" name="csrfmiddlewaretoken" value="t0k">
  <textarea name="note">Combinado: &amp; dia 4</textarea><button>Devolver</button></form>
<p class="ib-error" role="alert">Caio assumiu às 10:00.</p><p>Outra coisa</p>
"""


def test_page_gives_forms_with_their_values_cards_and_refusals() -> None:
    page = Page()
    page.feed(HTML)
    assert [(form.action, form.values) for form in page.forms] == [
        ("/inbox/", {"q": ""}),
        ("/inbox/7/devolver/?view=all", {"csrfmiddlewaretoken": "t0k", "note": "Combinado: & dia 4"}),
    ]
    assert page.cards == ["/inbox/7/?view=all"]
    assert page.errors == ["Caio assumiu às 10:00."]
