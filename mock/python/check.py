"""Looks at Python code without running any of it: what clients send is parsed and compiled, never executed."""

import ast
import builtins
import json
import sys
from importlib.machinery import BuiltinImporter, FrozenImporter, PathFinder

# What function definitions find defined, beside the builtins.
PROVIDED = {
    "Any", "Component", "Data", "DataFrame", "Dict", "HandleInput", "List", "Message", "Optional", "Output", "TabInput", "Union",
}  # fmt: skip


def check(code, packages):
    """Errors of a text of Python: those of its imports, those of its functions, and why it can't be compiled."""
    try:
        tree = ast.parse(code)
    except Exception as error:
        return json.dumps({"imports": [], "functions": [str(error)]})
    installed = set(packages)
    names = [alias.name for node in tree.body if isinstance(node, ast.Import) for alias in node.names]
    found = {"imports": [error for name in names if (error := missing_module(name, installed))], "functions": []}
    for node in tree.body:
        if not isinstance(node, ast.FunctionDef):
            continue
        try:
            compile(ast.Module(body=[node], type_ignores=[]), "<string>", "exec")
        except Exception as error:
            return json.dumps({**found, "failure": str(error)})
        if (name := undefined_name(node)) is not None:
            found["functions"].append(f"name {name!r} is not defined")
    return json.dumps(found)


def undefined_name(function):
    """The first name that the definition needs and nobody defines; the body is not run."""
    for expression in definition_expressions(function):
        for name in free_names(expression):
            if name not in PROVIDED and not hasattr(builtins, name):
                return name
    return None


def definition_expressions(function):
    """What is evaluated when a function is defined, in Python's order."""
    args = function.args
    annotated = [*args.posonlyargs, *args.args, args.vararg, *args.kwonlyargs, args.kwarg]
    return [
        *function.decorator_list,
        *args.defaults,
        *(default for default in args.kw_defaults if default),
        *(arg.annotation for arg in annotated if arg and arg.annotation),
        *([function.returns] if function.returns else []),
    ]


def free_names(expression):
    """Names that an expression reads when it is evaluated; those that it binds itself, and the bodies of lambdas, are left out."""
    bound, read, todo = set(), [], [expression]
    while todo:
        node = todo.pop(0)
        if isinstance(node, ast.Lambda):
            todo[:0] = [*node.args.defaults, *(default for default in node.args.kw_defaults if default)]
            continue
        if isinstance(node, ast.Name):
            (read.append if isinstance(node.ctx, ast.Load) else bound.add)(node.id)
        todo[:0] = ast.iter_child_nodes(node)
    return [name for name in read if name not in bound]


def missing_module(name, installed):
    """What an import of the module complains of, or None. The standard library is looked up; a package counts as whole, but for those whose modules are known."""
    parts = name.split(".")
    if parts[0] not in sys.stdlib_module_names:
        if parts[0] not in installed:
            return f"No module named {parts[0]!r}"
        return missing_submodule(parts, installed) if f"{parts[0]}." in installed else None
    spec = find(parts[0], None)
    for depth in range(1, len(parts)):
        parent, child = ".".join(parts[:depth]), ".".join(parts[: depth + 1])
        if child in sys.modules:
            spec = sys.modules[child].__spec__
            continue
        if spec is None:  # This build of Python leaves the module out.
            return None
        if spec.submodule_search_locations is None:
            return f"No module named {child!r}; {parent!r} is not a package"
        spec = find(child, spec.submodule_search_locations)
        if spec is None:
            return f"No module named {child!r}"
    return None


def missing_submodule(parts, modules):
    """The same of a package whose modules are known: those that are packages themselves end in a dot."""
    for depth in range(1, len(parts)):
        parent, child = ".".join(parts[:depth]), ".".join(parts[: depth + 1])
        if child in modules or f"{child}." in modules:
            continue
        return f"No module named {child!r}" + ("" if f"{parent}." in modules else f"; {parent!r} is not a package")
    return None


def find(name, path):
    if path is not None:
        return PathFinder.find_spec(name, path)
    return BuiltinImporter.find_spec(name) or FrozenImporter.find_spec(name) or PathFinder.find_spec(name)
