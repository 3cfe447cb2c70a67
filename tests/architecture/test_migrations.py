"""Steps of a migration that are taken together make the same database: none is about what another one makes."""

from importlib import import_module
from pathlib import Path

import pytest
from django.db import migrations, models
from django.db.migrations.state import ProjectState

from register import migrations as folder
from register.migrations._together import Together, model_of, together

NAMES = sorted(path.stem for path in Path(folder.__path__[0]).glob("0*.py"))
NUMBER = models.IntegerField(null=True)


def _add(model: str, name: str = "number") -> migrations.AddField:
    return migrations.AddField(model, name, NUMBER.clone())


def _create(name: str) -> migrations.CreateModel:
    return migrations.CreateModel(name, [("id", models.BigAutoField(primary_key=True))])


@pytest.mark.parametrize("name", NAMES)
def test_no_step_is_about_a_model_or_a_field_that_another_one_of_its_group_makes(name: str) -> None:
    for group in import_module(f"register.migrations.{name}").Migration.operations:
        if isinstance(group, Together):
            created = [model_of(step) for step in group.steps if isinstance(step, migrations.CreateModel)]
            other = [model_of(step) for step in group.steps if not isinstance(step, migrations.CreateModel)]
            added = [(model_of(one), one.name) for one in group.steps if isinstance(one, migrations.AddField)]
            assert set(created).isdisjoint(other)
            assert len(set(created)) == len(created)
            assert len(set(added)) == len(added)


def test_neighbours_go_together_and_what_must_wait_for_them_waits() -> None:
    first, second, about_it, sql, last = _create("A"), _add("b"), _add("a"), migrations.RunSQL(""), _add("c")
    groups = together([first, second, about_it, sql, last])
    assert [group.steps if isinstance(group, Together) else group for group in groups] == [
        [first, second],
        about_it,
        sql,
        last,
    ]


def test_models_that_were_made_already_know_every_step_of_a_group() -> None:
    state = ProjectState()
    for name in ("A", "B"):
        _create(name).state_forwards("register", state)
    assert state.apps.get_model("register", "A") is not None
    Together([_add("a"), _add("b"), _create("C")]).state_forwards("register", state)
    names = {
        model: [one.name for one in state.apps.get_model("register", model)._meta.fields] for model in ("A", "B", "C")
    }
    assert names == {"A": ["id", "number"], "B": ["id", "number"], "C": ["id"]}
