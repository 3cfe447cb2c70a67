"""Steps of a migration that are taken together: the same statements, and the models are made anew once.

Django makes every related model anew after each step of a migration. Here nearly all models are related, so an empty
database spent nine tenths of its migration on that. The statements need a model as it was before the first step of a
group and as it is after the last one, when each step is about something else; so that is what they get.
"""

from django.db.migrations.operations import AddConstraint, AddField, AddIndex, CreateModel
from django.db.migrations.operations.base import Operation

GROUPED = (CreateModel, AddField, AddConstraint, AddIndex)


class Together(Operation):
    """Steps of which none is about a model that another one makes."""

    def __init__(self, steps):
        self.steps = steps

    def deconstruct(self):
        return (self.__class__.__name__, [self.steps], {})

    def state_forwards(self, app_label, state):
        made = state.__dict__.pop("apps", None)
        for step in self.steps:
            step.state_forwards(app_label, state)
        if made is not None:
            state.__dict__["apps"] = made
            state.reload_models({(app_label, model_of(step)) for step in self.steps}, delay=False)

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        for step in self.steps:
            step.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        for step in reversed(self.steps):
            step.database_backwards(app_label, schema_editor, from_state, to_state)

    def describe(self):
        return "; ".join(step.describe() for step in self.steps)


def model_of(step):
    return step.name_lower if isinstance(step, CreateModel) else step.model_name_lower


def together(operations):
    """The operations of a migration, neighbours in one step where that is the same."""
    found, group, made = [], [], set()
    for operation in operations:
        grouped = isinstance(operation, GROUPED)
        if group and (not grouped or model_of(operation) in made):
            found.append(Together(group) if len(group) > 1 else group[0])
            group, made = [], set()
        if not grouped:
            found.append(operation)
            continue
        group.append(operation)
        if isinstance(operation, CreateModel):
            made.add(operation.name_lower)
    if group:
        found.append(Together(group) if len(group) > 1 else group[0])
    return found
