from io import StringIO

from django.core.management import call_command
from pytest_django import Settings

from cases import diagram
from cases.enums import CaseState
from config.env import BASE_DIR

DOCUMENT = BASE_DIR / "docs" / "case-states.md"


def test_document_is_what_the_model_declares_today():
    assert DOCUMENT.read_text(encoding="utf-8") == diagram.document()


def test_command_writes_the_document(settings: Settings, tmp_path):
    settings.BASE_DIR = tmp_path
    out = StringIO()

    call_command("case_diagram", stdout=out)

    assert (tmp_path / "docs" / "case-states.md").read_text(encoding="utf-8") == diagram.document()
    assert out.getvalue() == "docs/case-states.md está em dia.\n"


def test_picture_begins_with_a_reminder_and_can_end_when_settled():
    lines = diagram.mermaid().splitlines()

    assert lines[0] == "stateDiagram-v2"
    assert [line.strip() for line in lines if "[*]" in line] == ["[*] --> reminder: open", "settled --> [*]"]
    assert [line for line in lines if line.startswith("    state ")] == [
        f'    state "{state.label}" as {state.value}' for state in CaseState
    ]
