from typing import Any

import pytest

from tests.simulators.receiver import eventually
from tests.simulators.whatsapp.api import ACCOUNT, ANA, REMINDER, Api

NEW: dict[str, Any] = {
    "name": "aviso",
    "language": "pt_BR",
    "category": "UTILITY",
    "parameter_format": "NAMED",
    "components": [
        {
            "type": "BODY",
            "text": "Olá {{nome}}, sua fatura vence em {{dia}}, certo?",
            "example": {"body_text_named_params": [{"param_name": "nome", "example": "Ana"}]},
        },
        {"type": "FOOTER", "text": "Responda SAIR para não receber"},
        {
            "type": "BUTTONS",
            "buttons": [
                {"type": "QUICK_REPLY", "text": "Já paguei"},
                {
                    "type": "URL",
                    "text": "Ver",
                    "url": "https://x.example/{{1}}",
                    "example": ["https://x.example/a"],
                },
            ],
        },
    ],
}


def body(text: str, **more: Any) -> dict[str, Any]:
    component = {"type": "BODY", "text": text, "example": {"body_text": [["a", "b", "c"]]}} | more
    return {"name": "novo", "language": "pt_BR", "category": "UTILITY", "components": [component]}


def create(api: Api, template: dict[str, Any]) -> Any:
    return api.graph("POST", f"{ACCOUNT}/message_templates", json=template)


def status_updates(api: Api, count: int) -> list[dict[str, Any]]:
    name = "message_template_status_update"
    eventually(lambda: len(api.receiver.values(name)) >= count)
    return api.receiver.values(name)


def quick(api: Api) -> None:
    api.control("review", seconds=0.05)


def test_a_new_template_is_pending_and_soon_approved(api: Api) -> None:
    quick(api)

    answer = create(api, NEW).json()

    assert (answer["status"], answer["category"]) == ("PENDING", "UTILITY")
    (update,) = status_updates(api, 1)
    assert update == {
        "message_template_id": int(answer["id"]),
        "message_template_name": "aviso",
        "message_template_language": "pt_BR",
        "event": "APPROVED",
        "reason": "NONE",
        "message_template_category": "UTILITY",
    }
    shown = api.graph("GET", answer["id"]).json()
    assert (shown["status"], shown["parameter_format"]) == ("APPROVED", "NAMED")
    if api.contract is not None:
        api.contract.check_object("template", shown)


def test_coercive_words_are_rejected(api: Api) -> None:
    quick(api)
    create(api, body("Esta é a sua última chance de pagar a fatura"))

    (update,) = status_updates(api, 1)
    assert (update["event"], update["reason"]) == ("REJECTED", "ABUSIVE_CONTENT")
    assert update["rejection_info"]["reason"] == "ABUSIVE_CONTENT"


def test_a_promotion_in_utility_is_approved_as_marketing(api: Api) -> None:
    quick(api)
    create(api, body("Pague até sexta e ganhe um belo desconto"))

    (update,) = status_updates(api, 1)
    assert (update["event"], update["message_template_category"]) == ("APPROVED", "MARKETING")
    (change,) = eventually(lambda: api.receiver.values("template_category_update"))
    assert (change["previous_category"], change["new_category"]) == ("UTILITY", "MARKETING")


@pytest.mark.parametrize(
    ("outcome", "event", "category"),
    [("REJECTED", "REJECTED", "UTILITY"), ("MARKETING", "APPROVED", "MARKETING")],
)
def test_a_review_can_be_decided_beforehand(api: Api, outcome: str, event: str, category: str) -> None:
    api.control("review", name="aviso", outcome=outcome, seconds=0.05)
    create(api, NEW)

    (update,) = status_updates(api, 1)
    assert (update["event"], update["message_template_category"]) == (event, category)


@pytest.mark.parametrize(
    ("template", "subcode"),
    [
        (body("{{1}} é o seu nome, não é mesmo"), 2388299),
        (body("O seu nome completo é {{1}}"), 2388299),
        (body("Olá {{1}} {{2}} tudo bem com vocês hoje"), 2388299),
        (body("Oi {{1}} e {{2}} ok"), 2388293),
        (body("Olá {{2}}, tudo bem com você hoje?"), 2388023),
        (body("Olá {{nome}}, tudo bem com você hoje?"), 2388023),
        (body("Olá {{1}}, tudo bem com você hoje?", example=None), 2388043),
        (body("x" * 1025), 2388040),
        (REMINDER, 2388024),
        (body("Tudo bem?") | {"name": "Novo Nome"}, 2388042),
        (
            body("Tudo bem?")
            | {"components": [{"type": "BODY", "text": "a"}, {"type": "FOOTER", "text": "x" * 61}]},
            2388040,
        ),
    ],
)
def test_what_review_never_sees_is_refused_with_its_subcode(
    api: Api, template: dict[str, Any], subcode: int
) -> None:
    error = create(api, template).json()["error"]

    assert (error["code"], error["error_subcode"]) == (100, subcode)
    assert error["error_user_title"]


@pytest.mark.parametrize("missing", ["name", "language", "category", "components"])
def test_a_template_without_a_part_is_refused(api: Api, missing: str) -> None:
    template = {key: value for key, value in NEW.items() if key != missing}

    assert create(api, template).json()["error"]["code"] == 100


def test_the_251st_template_is_one_too_many(api: Api) -> None:
    api.control("seed", templates=[REMINDER | {"name": f"modelo_{number}"} for number in range(249)])

    assert create(api, NEW).json()["error"]["error_subcode"] == 2388019


def test_listing_pages_through_all_templates_once(api: Api) -> None:
    api.control("seed", templates=[REMINDER | {"name": f"modelo_{number}"} for number in range(6)])
    names: list[str] = []
    query: dict[str, Any] = {"limit": 3, "fields": "name,status"}
    while True:
        page = api.graph("GET", f"{ACCOUNT}/message_templates", params=query).json()
        names += [template["name"] for template in page["data"]]
        if "next" not in page["paging"]:
            break
        query["after"] = page["paging"]["cursors"]["after"]

    assert names == ["lembrete", *(f"modelo_{number}" for number in range(6))]
    assert set(page["data"][0]) == {"id", "name", "status"}


def test_the_next_link_works_as_it_is(api: Api) -> None:
    api.control("seed", templates=[REMINDER | {"name": "outro"}])
    page = api.graph("GET", f"{ACCOUNT}/message_templates", params={"limit": 1}).json()

    following = api.http.get(
        page["paging"]["next"], headers={"Authorization": "Bearer demo-access-token"}
    ).json()

    assert [template["name"] for template in following["data"]] == ["outro"]
    assert "previous" in following["paging"]


@pytest.mark.parametrize(("query", "found"), [({"status": "approved"}, 1), ({"status": "PAUSED"}, 0)])
def test_listing_filters(api: Api, query: dict[str, str], found: int) -> None:
    page = api.graph("GET", f"{ACCOUNT}/message_templates", params=query).json()

    assert len(page["data"]) == found


def test_an_edit_goes_back_to_review_and_is_limited_to_one_a_day(api: Api) -> None:
    quick(api)
    identifier = api.look("templates")["templates"][0]["id"]
    components = body("Olá {{1}}, tudo bem com você hoje?")["components"]

    first = api.graph("POST", identifier, json={"components": components})
    status_updates(api, 1)
    second = api.graph("POST", identifier, json={"components": components})
    api.clock("2026-11-25T12:00:01-03:00")
    third = api.graph("POST", identifier, json={"components": components})

    assert (first.json(), third.json()) == ({"success": True}, {"success": True})
    assert second.json()["error"]["error_subcode"] == 2388005


def test_the_category_of_an_approved_template_is_fixed(api: Api) -> None:
    identifier = api.look("templates")["templates"][0]["id"]

    error = api.graph("POST", identifier, json={"category": "MARKETING"}).json()["error"]

    assert error["error_subcode"] == 2388004


def test_deleting_locks_the_name_for_30_days(api: Api) -> None:
    path = f"{ACCOUNT}/message_templates"
    gone = api.graph("DELETE", path, params={"name": "lembrete"})
    locked = create(api, REMINDER).json()
    api.clock("2026-12-25T12:00:00-03:00")

    assert gone.json() == {"success": True}
    assert locked["error"]["error_subcode"] == 2388023
    assert create(api, REMINDER).json()["status"] == "PENDING"
    assert api.graph("DELETE", path, params={"name": "nada"}).json()["error"]["error_subcode"] == 2593002
    assert status_updates(api, 1)[0]["event"] == "DELETED"


def test_deleting_by_id_leaves_the_other_language(api: Api) -> None:
    api.control("seed", templates=[REMINDER | {"language": "es"}])
    first = api.look("templates")["templates"][0]

    api.graph("DELETE", f"{ACCOUNT}/message_templates", params={"hsm_id": first["id"], "name": "lembrete"})

    assert [template["language"] for template in api.look("templates")["templates"]] == ["es"]


def test_red_quality_pauses_three_hours_then_six_then_disables(api: Api) -> None:
    api.control("template", name="lembrete", quality="RED")
    paused = api.error(type="template", template={"name": "lembrete", "language": {"code": "pt_BR"}})
    api.clock("2026-11-24T15:00:00-03:00")
    status_updates(api, 2)
    api.control("template", name="lembrete", quality="RED")
    api.clock("2026-11-24T20:59:00-03:00")
    api.settle()
    still = api.look("templates")["templates"][0]["status"]
    api.clock("2026-11-24T21:00:00-03:00")
    status_updates(api, 4)
    api.control("template", name="lembrete", quality="RED")
    disabled = api.error(type="template", template={"name": "lembrete", "language": {"code": "pt_BR"}})

    assert (paused["code"], still, disabled["code"]) == (132015, "PAUSED", 132016)
    events = [update["event"] for update in status_updates(api, 5)]
    assert events == ["PAUSED", "APPROVED", "PAUSED", "APPROVED", "DISABLED"]
    scores = api.receiver.values("message_template_quality_update")
    assert (scores[0]["previous_quality_score"], scores[0]["new_quality_score"]) == ("UNKNOWN", "RED")


def test_a_paused_template_can_be_unpaused(api: Api) -> None:
    api.control("template", name="lembrete", quality="RED")
    identifier = api.look("templates")["templates"][0]["id"]

    assert api.graph("POST", f"{identifier}/unpause", json={}).json() == {"success": True}
    assert api.template().startswith("wamid.")


def test_a_category_change_is_announced_before_it_happens(api: Api) -> None:
    api.control("template", name="lembrete", correct_category="MARKETING")
    api.control("template", name="lembrete", category="MARKETING")
    api.settle()

    notice, done = api.receiver.values("template_category_update")
    assert (notice["new_category"], notice["correct_category"]) == ("UTILITY", "MARKETING")
    assert notice["category_update_timestamp"] == 1795532400 + 86400
    assert (done["previous_category"], done["new_category"]) == ("UTILITY", "MARKETING")


def test_a_pending_template_is_reviewed_after_a_seed_as_it_is(api: Api) -> None:
    api.control("seed", templates=[NEW | {"status": "PENDING"}])

    error = api.error(type="template", template={"name": "aviso", "language": {"code": "pt_BR"}})

    assert error["code"] == 132001


def test_reset_of_the_chats_keeps_templates(api: Api) -> None:
    api.control("seed", reset="chats", people=[{"phone": ANA, "name": "Ana"}])

    assert [template["name"] for template in api.look("templates")["templates"]] == ["lembrete"]
    assert api.chat() == []


def test_an_event_that_changes_no_state_is_told_and_changes_none(api: Api) -> None:
    api.control("seed", templates=[NEW | {"status": "APPROVED"}])

    api.control("template", name="aviso", event="flagged", reason="ABUSIVE_CONTENT")

    (told,) = status_updates(api, 1)
    assert (told["event"], told["reason"]) == ("FLAGGED", "ABUSIVE_CONTENT")
    found = api.graph("GET", f"{ACCOUNT}/message_templates", params={"name": "aviso"}).json()["data"]
    assert [each["status"] for each in found] == ["APPROVED"]
