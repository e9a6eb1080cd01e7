"""What a library's class has, its names that are not public among them: read from its source, as objects tell less."""

import ast
import inspect
import textwrap
from collections.abc import Callable
from functools import cache
from typing import Any


@cache
def names_of(one: type) -> frozenset[str]:
    """The names that a class itself has: of its body, and those that its methods set."""
    (body,) = ast.parse(textwrap.dedent(inspect.getsource(one))).body
    assert isinstance(body, ast.ClassDef)
    names = {node.name for node in body.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}
    for node in ast.walk(body):
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) and ast.unparse(node.value) == "self":
            names.add(node.attr)
    assigned = [target for node in body.body if isinstance(node, ast.Assign) for target in node.targets]
    assigned += [node.target for node in body.body if isinstance(node, ast.AnnAssign)]
    return frozenset(names | {target.id for target in assigned if isinstance(target, ast.Name)})


def signature_of(called: Callable[..., Any]) -> str:
    """What something takes, without types."""
    signature = inspect.signature(called)
    bare = [one.replace(annotation=inspect.Parameter.empty) for one in signature.parameters.values()]
    return str(signature.replace(parameters=bare, return_annotation=inspect.Signature.empty))
