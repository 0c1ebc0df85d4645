"""Rules of the house that no linter knows, read from the code itself."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from django.apps import apps
from django.db import models

from cases.diagram import mermaid, transitions
from config.env import BASE_DIR
from config.queues import ROUTES
from config.runtime.environment import PRODUCT_VARIABLES

PACKAGES = ("collections", "config", "conversations", "experiments", "members", "simulators")
PRODUCT = [package for package in PACKAGES if package != "simulators"]
LONGEST = 400


def sources(*packages: str) -> list[Path]:
    """Our modules but the generated ones."""
    return [
        path
        for package in packages
        for path in sorted((BASE_DIR / package).rglob("*.py"))
        if "migrations" not in path.parts
    ]


def name_of(path: Path) -> str:
    return path.relative_to(BASE_DIR).as_posix()


def calls(path: Path) -> Iterator[tuple[str, ast.Call]]:
    """Every call in a module with the dotted name of what it calls."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node


def keywords(call: ast.Call) -> dict[str, str]:
    return {each.arg: ast.unparse(each.value) for each in call.keywords if each.arg}


def our_models() -> Iterator[type[models.Model]]:
    for config in apps.get_app_configs():
        if "site-packages" not in Path(config.path).parts:
            yield from config.get_models(include_auto_created=True)


class TestModules:
    def test_folder_of_apps_is_no_package(self):
        assert not (BASE_DIR / "collections" / "__init__.py").exists()

    def test_module_has_fewer_lines_than_one_can_keep_in_mind(self):
        lines = {
            name_of(path): len(path.read_text(encoding="utf-8").splitlines()) for path in sources(*PACKAGES)
        }

        assert len(lines) > 300
        assert {name: count for name, count in lines.items() if count >= LONGEST} == {}

    def test_nothing_is_called_utils(self):
        assert [
            name_of(path) for path in sources(*PACKAGES) if path.stem in {"utils", "helpers", "misc"}
        ] == []


class TestTasks:
    def declared(self) -> list[tuple[str, ast.Call]]:
        return [
            (name_of(path), call)
            for path in sources(*PRODUCT)
            for what, call in calls(path)
            if what in {"shared_task", "app.task", "celery.task"}
        ]

    def test_every_task_names_itself_and_its_queue(self):
        decorated = [
            name_of(path)
            for path in sources(*PRODUCT)
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.FunctionDef)
            for each in node.decorator_list
            if "task" in ast.unparse(each).split("(")[0].split(".")[-1]
        ]
        found = self.declared()

        # Without parentheses a task would take the name of its module.
        assert sorted(decorated) == sorted(name for name, _ in found)
        assert len(found) > 10
        assert [name for name, call in found if "name" not in keywords(call)] == []
        assert sorted(ast.literal_eval(keywords(call)["name"]) for _, call in found) == sorted(ROUTES)

    def test_task_s_name_begins_with_its_app_and_is_nobody_else_s(self):
        names = [(path, ast.literal_eval(keywords(call)["name"])) for path, call in self.declared()]

        assert len({name for _, name in names}) == len(names)
        assert [(path, name) for path, name in names if name.split(".")[0] not in path.split("/")] == []


class TestCase:
    def test_every_transition_is_in_the_picture(self):
        drawn = (BASE_DIR / "docs" / "case-states.md").read_text(encoding="utf-8")

        arrows = set(re.findall(r"^    (\w+) --> (\w+): (\w+)$", drawn, flags=re.MULTILINE))
        assert arrows == {(source, target, name) for name, source, target in transitions()}
        assert mermaid() in drawn


class TestTime:
    # Real time, on purpose: leases, timeouts, logs, the simulators' and the runtime's own clocks.
    REAL_TIME = {"collections/commons/clock.py", "simulators/clock.py"}
    CLOCKS = {
        "datetime.now",
        "datetime.utcnow",
        "datetime.today",
        "datetime.datetime.now",
        "date.today",
        "datetime.date.today",
        "timezone.now",
        "timezone.localtime",
        "timezone.localdate",
        "Now",
    }

    def test_business_time_is_asked_of_the_business_clock(self):
        found = {
            name_of(path)
            for path in sources(*PACKAGES)
            for what, _ in calls(path)
            if what in self.CLOCKS and name_of(path) not in self.REAL_TIME
        }

        assert found == set()

    def test_only_the_instant_of_recording_is_the_database_s_own(self):
        automatic = [
            f"{model.__name__}.{field.name}"
            for model in our_models()
            for field in model._meta.concrete_fields
            # The tables of pghistory are its own.
            if not field.name.startswith("pgh_")
            if getattr(field, "auto_now", False)
            or (getattr(field, "auto_now_add", False) and field.name != "recorded_at")
        ]

        assert automatic == []
        assert any(
            field.name == "recorded_at" for model in our_models() for field in model._meta.concrete_fields
        )


class TestMoney:
    def test_no_column_is_a_float(self):
        floats = [
            f"{model.__name__}.{field.name}"
            for model in our_models()
            for field in model._meta.concrete_fields
            if isinstance(field, models.FloatField)
        ]

        assert floats == []

    def test_amounts_have_two_places(self):
        decimals = {
            f"{model.__name__}.{field.name}": (field.max_digits, field.decimal_places)
            for model in our_models()
            for field in model._meta.concrete_fields
            if isinstance(field, models.DecimalField)
        }

        assert len(decimals) > 10
        assert {places for _, places in decimals.values()} == {2}

    def test_no_amount_is_made_from_a_float(self):
        found = [
            f"{name_of(path)}:{call.lineno}"
            for path in sources(*PRODUCT)
            for what, call in calls(path)
            if what in {"Decimal", "money"}
            and call.args
            and isinstance(call.args[0], ast.Constant)
            and isinstance(call.args[0].value, float)
        ]

        assert found == []


class TestEnvironment:
    EXAMPLE = (BASE_DIR / ".env.example").read_text(encoding="utf-8").splitlines()
    LINE = re.compile(r"^(?:# )?([A-Z][A-Z0-9_]+)=")

    def read(self) -> set[str]:
        """What the settings ask the environment for."""
        return {
            ast.literal_eval(call.args[0])
            for what, call in calls(BASE_DIR / "config" / "settings.py")
            if (what == "env" or what.startswith("env.") or what in {"required", "_secret"})
            and isinstance(call.args[0], ast.Constant)
        }

    def shown(self) -> list[str]:
        return [match[1] for line in self.EXAMPLE if (match := self.LINE.match(line))]

    def test_example_shows_every_setting_and_none_besides(self):
        assert self.read() <= {*self.shown()}
        assert sorted(self.shown()) == sorted({*PRODUCT_VARIABLES, *self.read()})

    def test_every_setting_is_explained(self):
        bare = [
            line
            for above, line in zip(["", *self.EXAMPLE], self.EXAMPLE, strict=False)
            if self.LINE.match(line) and (not above.startswith("# ") or self.LINE.match(above))
        ]

        assert bare == []

    def test_example_holds_no_secret(self):
        given = [line for line in self.EXAMPLE if self.LINE.match(line) and not line.startswith("#")]

        assert given == [f"{name}=" for name in ("SECRET_KEY", "FIELD_KEYS", "ALLOWED_HOSTS", "PUBLIC_URL")]


def test_every_folder_of_tests_is_a_package():
    folders = {path.parent for path in (BASE_DIR / "tests").rglob("*.py")}

    assert [name_of(folder) for folder in sorted(folders) if not (folder / "__init__.py").exists()] == []
