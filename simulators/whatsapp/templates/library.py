"""The business's templates: create, edit, list, delete, pause; each change of state is told by webhook."""

from datetime import datetime, timedelta
from typing import Any

from simulators.clock import Clock
from simulators.store import Document, Store
from simulators.whatsapp.errors import GraphError, unknown_object
from simulators.whatsapp.identifiers import numeric_id
from simulators.whatsapp.templates.definition import check_identity, read_components, refuse

_KIND = "whatsapp.templates"
_LOCKED = "whatsapp.template_names"
MAX_TEMPLATES = 250
NAME_LOCKED_FOR = timedelta(days=30)
_EDIT_GAP = timedelta(hours=24)
_EDITS_IN_30_DAYS = 10
_EDITABLE = ("APPROVED", "REJECTED", "PAUSED")


class Library:
    """Templates by id and by (name, language)."""

    def __init__(self, store: Store, clock: Clock) -> None:
        """Keep them in `store`."""
        self._store = store
        self._clock = clock

    def all(self) -> list[Document]:
        """Return all templates, oldest first."""
        return self._store.all(_KIND)

    def get(self, template_id: str) -> Document | None:
        """Return a template by id."""
        return self._store.get(_KIND, template_id)

    def find(self, name: str, language: str) -> Document | None:
        """Return a template by name and language."""
        return next((doc for doc in self.all() if (doc["name"], doc["language"]) == (name, language)), None)

    def save(self, template: Document) -> None:
        """Write a template down."""
        self._store.put(_KIND, template["id"], template)

    def create(
        self,
        *,
        name: str,
        language: str,
        category: str,
        components: object,
        parameter_format: str,
        status: str = "PENDING",
    ) -> Document:
        """Take a new template in. Raises `GraphError` for what is refused without review."""
        category, parameter_format = category.upper(), (parameter_format or "POSITIONAL").upper()
        check_identity(name=name, language=language, category=category)
        if parameter_format not in {"POSITIONAL", "NAMED"}:
            raise GraphError(100, "Param parameter_format must be one of {NAMED, POSITIONAL}.")
        read = read_components(components, category=category, parameter_format=parameter_format)
        templates = self.all()
        if any((doc["name"], doc["language"]) == (name, language) for doc in templates):
            raise refuse(
                2388024,
                "Content in This Language Already Exists",
                f"There is already {language} content for this template.",
            )
        if len(templates) >= MAX_TEMPLATES:
            raise refuse(2388019, "Message Template Limit Exceeded", "The account has 250 templates already.")
        self._check_lock(name)
        template: Document = {
            "id": numeric_id(),
            "name": name,
            "language": language,
            "category": category,
            "parameter_format": parameter_format,
            "components": read,
            "status": status,
            "rejected_reason": "NONE",
            "quality_score": {"score": "UNKNOWN", "date": int(self._clock.now().timestamp())},
            "edited_at": [],
            "pauses": 0,
            "paused_until": "",
        }
        self.save(template)
        return template

    def seed(self, given: dict[str, Any]) -> Document:
        """Put a template in as it is, without review; one of the same name and language is replaced."""
        existing = self.find(str(given["name"]), str(given["language"]))
        if existing is not None:
            self._store.delete(_KIND, existing["id"])
        self._store.delete(_LOCKED, str(given["name"]))
        template = self.create(
            name=str(given["name"]),
            language=str(given["language"]),
            category=str(given["category"]),
            components=given["components"],
            parameter_format=str(given.get("parameter_format", "POSITIONAL")),
            status=str(given.get("status", "APPROVED")).upper(),
        )
        if existing is not None:
            self._store.delete(_KIND, template["id"])
            template["id"] = existing["id"]
            self.save(template)
        return template

    def _check_lock(self, name: str) -> None:
        locked = self._store.get(_LOCKED, name)
        if locked is not None and datetime.fromisoformat(locked["until"]) > self._clock.now():
            raise refuse(
                2388023,
                "Message Template Language is Being Deleted",
                "The name is locked for 30 days after deletion.",
            )

    def edit(self, template_id: str, *, category: str | None, components: object) -> Document:
        """Change category or components and send the template back to review. Raises `GraphError`."""
        template = self.get(template_id)
        if template is None:
            raise unknown_object(template_id, "post")
        if template["status"] not in _EDITABLE:
            raise refuse(
                2388003, "Template can't be edited", f"A template in state {template['status']} is fixed."
            )
        now = self._clock.now()
        if template["status"] == "APPROVED":
            self._check_edits(template, now)
            if category is not None and category.upper() != template["category"]:
                raise refuse(
                    2388004, "Category can't be changed", "The category of an approved template is fixed."
                )
        if category is not None:
            check_identity(name=template["name"], language=template["language"], category=category.upper())
            template["category"] = category.upper()
        if components is not None:
            template["components"] = read_components(
                components, category=template["category"], parameter_format=template["parameter_format"]
            )
        template["edited_at"].append(now.isoformat())
        template["status"] = "PENDING"
        self.save(template)
        return template

    def _check_edits(self, template: Document, now: datetime) -> None:
        edits = [datetime.fromisoformat(edit) for edit in template["edited_at"]]
        recent = [edit for edit in edits if now - edit < timedelta(days=30)]
        if any(now - edit < _EDIT_GAP for edit in edits) or len(recent) >= _EDITS_IN_30_DAYS:
            raise refuse(2388005, "Template edited too often", "Once in 24 hours, ten times in 30 days.")

    def delete(self, *, name: str, template_id: str = "", ids: tuple[str, ...] = ()) -> list[Document]:
        """Delete by name (all languages), by id and name, or by ids. Raises `GraphError`."""
        if ids:
            doomed = [doc for doc in self.all() if doc["id"] in ids]
        else:
            doomed = [
                doc
                for doc in self.all()
                if doc["name"] == name and (not template_id or doc["id"] == template_id)
            ]
        if not doomed:
            raise refuse(2593002, "Message Template Not Found", "No template of this name or id exists.")
        if any(doc["status"] == "DISABLED" for doc in doomed):
            raise refuse(2388006, "Template can't be deleted", "A disabled template cannot be deleted.")
        until = (self._clock.now() + NAME_LOCKED_FOR).isoformat()
        for doc in doomed:
            self._store.delete(_KIND, doc["id"])
            self._store.put(_LOCKED, doc["name"], {"until": until})
        return doomed


def public(template: Document, fields: tuple[str, ...] = ()) -> dict[str, Any]:
    """Return the template as the API shows it; the id is always there."""
    shown = {
        "name": template["name"],
        "parameter_format": template["parameter_format"],
        "components": template["components"],
        "language": template["language"],
        "status": template["status"],
        "category": template["category"],
        "correct_category": template.get("correct_category", template["category"]),
        "quality_score": template["quality_score"],
        "rejected_reason": template["rejected_reason"],
        "id": template["id"],
    }
    default = ("name", "parameter_format", "components", "language", "status", "category", "id")
    wanted = set(fields or default) | {"id"}
    return {name: value for name, value in shown.items() if name in wanted}
