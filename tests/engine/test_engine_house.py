"""The engine's own rules: where attributes are born, and who may know a stage's class."""

import ast
from pathlib import Path

import pytest

from convlens import engine
from convlens.engine.fusion import STAGES

ROOM = Path(engine.__file__).parent
CLASSES = [
    pytest.param(node, id=f"{path.relative_to(ROOM)}:{node.name}")
    for path in sorted(ROOM.rglob("*.py"))
    for node in ast.parse(path.read_text(encoding="utf-8")).body
    if isinstance(node, ast.ClassDef)
]
BIRTHPLACES = ("__init__", "allocate")


def assigned(function):
    """Return the names of the attributes of `self` that a function assigns."""
    return {
        node.attr
        for node in ast.walk(function)
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store)
        if isinstance(node.value, ast.Name) and node.value.id == "self"
    }


def strays(node):
    """Return the attributes of a class that are assigned somewhere, but not in `__init__` or `allocate`."""
    methods = [item for item in node.body if isinstance(item, ast.FunctionDef)]
    born = set().union(*(assigned(method) for method in methods if method.name in BIRTHPLACES))
    born |= {  # by the base class, of which a class says the type only
        item.target.id
        for item in node.body
        if isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name)
    }
    inherited = {"target"} if any(isinstance(b, ast.Name) and b.id == "Stage" for b in node.bases) else set()
    return set().union(*(assigned(method) for method in methods)) - born - inherited


@pytest.mark.parametrize("node", CLASSES)
def test_attributes_are_born_in_one_place(node):
    """`__init__` knows the sizes, `allocate` the memory; whoever comes later finds every attribute there."""
    assert strays(node) == set()


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("def __init__(self): self.a = 1\n def run(self): self.a = 2", set()),
        ("def __init__(self): self.a = 1\n def run(self): self.b = 2", {"b"}),
        (
            "def allocate(self): self.a, self.b = 1, 2\n def choose(self): self.a, (self.c, d) = 1, (2, 3)",
            {"c"},
        ),
        ("a: int\n def run(self): self.a += 1", set()),
        ("def run(self):\n  for self.k in range(3): pass", {"k"}),
    ],
)
def test_the_rule_itself(body, found):
    """The rule above finds what it should."""
    assert strays(ast.parse(f"class A:\n {body}").body[0]) == found


def test_all_stages_have_the_same_life():
    """Methods stand in the order in which they are called: the life of a stage reads from top to bottom."""
    order = ["__init__", "gradients", "flatten", "allocate", "forward", "backward", "describe"]
    stages = [
        node.values[0]
        for node in CLASSES
        if any(isinstance(base, ast.Name) and base.id == "Stage" for base in node.values[0].bases)
    ]
    assert len(stages) >= 5
    for node in stages:
        names = [item.name for item in node.body if isinstance(item, ast.FunctionDef) and item.name in order]
        assert names == [name for name in order if name in names], node.name


def test_what_has_a_stage_is_in_the_consumer_table():
    """The stages that are made are those of which the table `kernels` speaks; a ReLU is part of others.

    What holds layers becomes several stages.
    """
    assert {made.computes.kind for made in STAGES} | {"relu", "residual"} == set(engine.KERNELS)
