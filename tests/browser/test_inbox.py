"""The inbox while it moves."""

import time

import pytest
from playwright.sync_api import expect

from tests.browser.walk import Walk
from tests.chromium import needs_chromium

pytestmark = [
    pytest.mark.browser,
    needs_chromium,
]

# The list takes long enough to load for everything else to happen meanwhile.
SLOW_LIST = """
const { open, send } = XMLHttpRequest.prototype;
XMLHttpRequest.prototype.open = function (method, address, ...rest) {
  this.address = String(address);
  return open.call(this, method, address, ...rest);
};
XMLHttpRequest.prototype.send = function (body) {
  setTimeout(() => send.call(this, body), this.address.includes("/inbox/list") ? 1500 : 0);
};
"""


def test_message_appears_although_another_conversation_moves_while_the_list_loads(walk: Walk) -> None:
    (conversation, member), (_, another) = walk.until(
        lambda: (
            len(
                found := walk.rows(
                    "SELECT DISTINCT c.id, c.member_id FROM conversations_conversation c"
                    " JOIN conversations_message o ON o.conversation_id = c.id AND o.state IN ('delivered', 'read')"
                    " WHERE c.member_id IS NOT NULL ORDER BY c.id LIMIT 2"
                )
            )
            == 2
            and found
        ),
        what="two conversations",
    )
    inbox = walk.office
    inbox.add_init_script(SLOW_LIST)
    inbox.goto(f"{walk.web}/inbox/{conversation}/")
    expect(inbox.locator("#inbox[data-live='1']")).to_be_attached()
    arrived = "SELECT count(*) FROM conversations_message WHERE conversation_id = %s AND direction = 'in'"
    before = walk.one(arrived, conversation)

    walk.somebody_writes(walk.secrets_of(member)[2], "uma pergunta minha")
    walk.until(lambda: walk.one(arrived, conversation) > before, what="the message in the database")
    time.sleep(0.3)  # the list loads, the conversation waits behind it
    walk.somebody_writes(walk.secrets_of(another)[2], "outra pessoa ao mesmo tempo")

    expect(inbox.locator("#ib-messages")).to_contain_text("uma pergunta minha")
