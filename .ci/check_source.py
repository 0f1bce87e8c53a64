#!/usr/bin/env python3
"""Check rules of the source that no linter knows; prints each violation with its place.

1. No variable has a name that says nothing of its value (`found`, `each`, `told`, …).
2. No two public classes or type aliases of the library have one name.
3. No modules import each other in a circle, lazy and type-checking imports included.
4. No module with an underscore is imported outside its package.
5. `__all__` is in public modules only.

Run it from the root of the repository: `python .ci/check_source.py`. Exits with 1 on violations.
"""

from __future__ import annotations

import ast
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

REFUSED = frozenset({"asked", "each", "found", "held", "told", "whole"})
PACKAGE = "xhht"
VARIABLES_IN = ("src", "tests", "examples", "benchmarks")

Modules = Mapping[str, tuple[Path, ast.Module]]


def main(root: Path) -> int:
    """Print all violations below `root`; return 1 if there are any, else 0."""
    modules = read_modules(root / "src")
    violations = [
        *refused_names(root),
        *duplicate_classes(modules),
        *import_circles(modules),
        *private_imports(modules),
        *private_exports(modules),
    ]
    for line in violations:
        print(line)
    return 1 if violations else 0


def read_modules(source: Path) -> Modules:
    """Return every module of the library by its dotted name."""
    modules = {}
    for path in sorted((source / PACKAGE).rglob("*.py")):
        parts = path.relative_to(source).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        modules[name] = path, ast.parse(path.read_text(encoding="utf-8"))
    return modules


def refused_names(root: Path) -> Iterator[str]:
    """Yield variables and parameters with a refused name; fields of classes may have one."""
    for folder in VARIABLES_IN:
        for path in sorted((root / folder).rglob("*.py")):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            fields = {id(target) for target in class_fields(tree)}
            for node in ast.walk(tree):
                name = bound_name(node)
                if name in REFUSED and id(node) not in fields:
                    line = getattr(node, "lineno", 0)
                    yield f"{path.relative_to(root)}:{line}: '{name}' says nothing of its value"


def class_fields(tree: ast.Module) -> Iterator[ast.expr]:
    """Yield the names that classes declare as fields."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            yield from (part.target for part in node.body if isinstance(part, ast.AnnAssign))


def bound_name(node: ast.AST) -> str | None:
    """Return the name that a node binds to a value, or None."""
    match node:
        case ast.Name(id=name, ctx=ast.Store()) | ast.arg(arg=name):
            return name
        case ast.ExceptHandler(name=name) | ast.MatchAs(name=name) | ast.MatchStar(name=name):
            return name
        case _:
            return None


def duplicate_classes(modules: Modules) -> Iterator[str]:
    """Yield the names that two public classes or type aliases share."""
    places = defaultdict(list)
    for module, (_, tree) in modules.items():
        for name in public_types(tree):
            places[name].append(module)
    for name, owners in sorted(places.items()):
        if len(owners) > 1:
            yield f"class {name} is defined in {' and '.join(owners)}"


def public_types(tree: ast.Module) -> Iterator[str]:
    """Yield the names of public classes and type aliases that a module defines."""
    for node in tree.body:
        match node:
            case ast.ClassDef(name=name):
                pass
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
                if name.isupper():
                    continue
            case _:
                continue
        if name[0].isupper():
            yield name


def import_circles(modules: Modules) -> Iterator[str]:
    """Yield a circle of imports, or nothing; packages count by what their modules import."""
    graph = {name: set(imported_modules(modules, name)) - {name} for name in modules}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        yield f"import circle: {' -> '.join(reversed(error.args[1]))}"


def imported_modules(modules: Modules, name: str) -> Iterator[str]:
    """Yield the modules of the library that a module imports anywhere in its text."""
    for node in ast.walk(modules[name][1]):
        if isinstance(node, ast.ImportFrom) and node.module is not None:
            for alias in node.names:
                submodule = f"{node.module}.{alias.name}"
                if submodule in modules:
                    yield submodule
                elif node.module in modules:
                    yield node.module
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in modules)


def private_imports(modules: Modules) -> Iterator[str]:
    """Yield imports of a module with an underscore from outside its package."""
    for name in modules:
        for imported in sorted(set(imported_modules(modules, name))):
            package, _, own = imported.rpartition(".")
            if own.startswith("_") and not f"{name}.".startswith(f"{package}."):
                yield f"{name} imports {imported}, which is private to {package}"


def private_exports(modules: Modules) -> Iterator[str]:
    """Yield modules with an underscore that have an `__all__`."""
    for name, (_, tree) in modules.items():
        if name.rpartition(".")[2].startswith("_"):
            for node in tree.body:
                if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
                    yield f"{name} is private and needs no __all__"


if __name__ == "__main__":
    sys.exit(main(Path.cwd()))
