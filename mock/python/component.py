"""Reads a component's class: what it says of itself, its inputs, its outputs and what its methods return."""

import ast
import json
import sys

# check.py and evaluate.py are loaded before: missing_module, free_names, Evaluator …

ATTRIBUTES = {
    "beta", "conditional_paths", "description", "display_name", "documentation", "icon", "legacy", "metadata", "minimized", "name", "priority",
    "replacement", "tool_mode",
}  # fmt: skip
# What component code finds defined: the server puts imports before it, and hands it its own module's names.
GIVEN = {
    "AgentExecutor", "BaseChatMemory", "BaseChatMessageHistory", "BaseChatModel", "BaseDocumentCompressor", "BaseLLM", "BaseLLMOutputParser",
    "BaseLanguageModel", "BaseLoader", "BaseMemory", "BaseOutputParser", "BasePromptTemplate", "BaseRetriever", "BaseTool", "Chain",
    "ChatPromptTemplate", "Data", "DataFrame", "Document", "Embeddings", "FunctionType", "Optional", "PromptTemplate", "TextSplitter", "Tool",
    "Union", "ValidationError", "VectorStore", "VectorStoreRetriever", "ast", "contextlib", "importlib", "logger", "warnings",
}  # fmt: skip
# The lines that the server puts before the code: errors count them.
LINES_BEFORE = 46


class Refused(Exception):
    """Why a component can't be built; the text is the server's."""


def describe_component(code, packages, inputs):
    """The component in the code, or `error`: what a server says of it, or `beyond`: what could only be told by running it."""
    try:
        return json.dumps(described(code, packages, inputs))
    except Refused as refusal:
        return json.dumps({"error": str(refusal)})
    except CannotTell as limit:
        return json.dumps({"beyond": str(limit)})


def described(code, packages, inputs):
    tree = parsed(code)
    target = component_class(tree, code)
    names = in_making(lambda: names_of(tree, target, packages, inputs))
    found = in_making(lambda: described_class(target, names))
    return {**found, "dependencies": dependencies(tree, packages)}


def parsed(code):
    if not code:
        # The server then takes the code of its own base class, whose imports fail.
        raise Refused("Error creating class. ModuleNotFoundError(No module named 'custom_component').")
    try:
        return ast.parse(code)
    except (SyntaxError, ValueError) as error:
        raise Refused(f"Invalid Python code: {error}") from None
    except Exception as error:
        raise Refused(str(error)) from None


def component_class(tree, code):
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and any(isinstance(base, ast.Name) and ("Component" in base.id or "LC" in base.id) for base in node.bases):
            return node
    raise Refused(f"No Component subclass found in the code string. Code snippet: {code[:100]}")


def in_making(make):
    """The errors of code that makes a class, as the server words them."""
    try:
        return make()
    except (Refused, CannotTell):
        raise
    except SyntaxError as error:
        raise Refused(f"Syntax error in code: {error}") from None
    except NameError as error:
        raise Refused(f"Name error (possibly undefined variable): {error}") from None
    except Exception as error:
        raise Refused(f"Error creating class. {type(error).__name__}({error}).") from None


def names_of(tree, target, packages, inputs):
    """What the class finds defined: imports, then what stands before it."""
    kinds = {name: Kind(name) for name in [*inputs, "Output"]}
    names = {**{name: Unknown(name) for name in GIVEN}, **kinds}
    for node in tree.body:
        if isinstance(node, ast.Import):
            for alias in node.names:
                # The older package finds modules of the newer one by itself.
                if missing_module(newer_name(alias.name), packages):
                    refuse_missing(alias.name, packages)
                names[alias.asname or alias.name.split(".")[0]] = Unknown(alias.name)
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and node.module is not None:
            for alias in node.names:
                # Another name (`as`) is not looked at: the server defines the first one.
                names[alias.name] = imported(node.module, alias.name, kinds, packages)
    definitions = [node for node in tree.body if isinstance(node, (ast.ClassDef, ast.FunctionDef, ast.Assign))]
    compile(ast.Module(body=[ast.increment_lineno(node, LINES_BEFORE) for node in definitions], type_ignores=[]), "<string>", "exec")
    for node in definitions:
        ast.increment_lineno(node, -LINES_BEFORE)
        if node is target:
            return names
        define(node, names)
    return names


def imported(module, name, kinds, packages):
    # A module of the older name is looked for under the newer one too, which is the last to be complained of.
    newer = newer_name(module)
    if newer == module or missing_module(module, packages):
        refuse_missing(newer, packages)
    ours = module.split(".")[0] in ("langflow", "lfx")
    if name == "*":
        raise ModuleNotFoundError(missing_module(f"{newer}.*", packages) or f"No module named '{newer}.*'")
    if ours and name in kinds:
        return kinds[name]
    if newer == "lfx.io":
        raise ModuleNotFoundError(f"No module named '{newer}.{name}'")
    return Unknown(f"{module}.{name}")


def newer_name(module):
    return f"lfx.{module[9:]}" if module.startswith("langflow.") else module


def refuse_missing(module, packages):
    if error := missing_module(module, packages):
        raise ModuleNotFoundError(error)


def define(node, names):
    """A class or function is known to exist, a variable by its value."""
    if isinstance(node, ast.Assign):
        value = Evaluator(names).value(node.value)
        for target in node.targets:
            if isinstance(target, ast.Name):
                names[target.id] = value
        return
    refuse_undefined(node, names)
    names[node.name] = Unknown(node.name)


def refuse_undefined(node, names):
    if isinstance(node, ast.ClassDef):
        needed = [*node.decorator_list, *node.bases]
    else:
        needed = definition_expressions(node)
    for expression in needed:
        for name in free_names(expression):
            Evaluator(names).of_Name(ast.Name(name))


def described_class(target, names):
    refuse_undefined(target, names)
    for base in target.bases:
        known = Evaluator(names).value(base)
        if not isinstance(known, Unknown) or known.name.split(".")[-1] != "Component":
            raise CannotTell(f"line {base.lineno}: the base class {ast.unparse(base)}")
    inner = dict(names)
    methods = {}
    for node in target.body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            refuse_undefined(node, inner)
            methods[node.name] = node
            inner[node.name] = Unknown(node.name)
        elif isinstance(node, (ast.Assign, ast.AnnAssign)):
            assign(node, inner)
        elif not isinstance(node, (ast.Pass, ast.Expr)):
            raise CannotTell(f"line {node.lineno}: {ast.unparse(node)[:80]}")
        else:
            Evaluator(inner).value(node.value) if isinstance(node, ast.Expr) else None
    own = {name: value for name, value in inner.items() if name not in names or names[name] is not value}
    return {
        "class": target.name,
        "attributes": {name: refuse_unknown(value, name) for name, value in own.items() if name in ATTRIBUTES},
        "inputs": refuse_unknown(own.get("inputs", []), "inputs"),
        "outputs": refuse_unknown(own.get("outputs", []), "outputs"),
        "returns": {name: return_types(node.returns) for name, node in methods.items()},
    }


def assign(node, names):
    if node.value is None:
        return
    value = Evaluator(names).value(node.value)
    for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
        if isinstance(target, ast.Name):
            names[target.id] = value


def refuse_unknown(value, where):
    """Plain data, or the limit is reached."""
    if isinstance(value, (Unknown, Kind)) or callable(value):
        raise CannotTell(f"{where}: {getattr(value, 'name', value)}")
    if isinstance(value, dict):
        return {str(key): refuse_unknown(item, where) for key, item in value.items()}
    if isinstance(value, (list, tuple, set)):
        return [refuse_unknown(item, where) for item in value]
    if value is not None and not isinstance(value, (str, int, float, bool)):
        raise CannotTell(f"{where}: {value!r}"[:80])
    return value


def return_types(annotation):
    """The names of the types that a method returns, as outputs show them."""
    if annotation is None or (isinstance(annotation, ast.Constant) and annotation.value is None):
        return ["NoneType"]
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        return return_types(ast.parse(annotation.value, mode="eval").body)
    if isinstance(annotation, ast.BinOp) and isinstance(annotation.op, ast.BitOr):
        return sorted({*return_types(annotation.left), *return_types(annotation.right)})
    if isinstance(annotation, ast.Subscript):
        return subscripted_types(annotation)
    name = annotation.attr if isinstance(annotation, ast.Attribute) else getattr(annotation, "id", ast.unparse(annotation))
    return ["Text" if name == "str" else name]


def subscripted_types(annotation):
    [outer] = return_types(annotation.value)
    inner = annotation.slice.elts if isinstance(annotation.slice, ast.Tuple) else [annotation.slice]
    if outer in ("list", "List"):
        return return_types(inner[0])
    if outer in ("Union", "Optional"):
        none = {"NoneType"} if outer == "Optional" else set()
        return sorted(none.union(*(return_types(part) for part in inner)))
    return [outer]


def dependencies(tree, packages):
    """The packages that the code imports, the standard library left out."""
    found = {}
    for node in ast.walk(tree):
        modules = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and node.level == 0:
            modules = [node.module]
        for module in modules:
            name = module.split(".")[0]
            if name not in sys.stdlib_module_names:
                found[name] = {"name": name, "version": packages.get(name)}
    return list(found.values())


class BuildConfig(dict):
    """The template as methods see it: what is not there is an empty one."""

    def __missing__(self, key):
        return BuildConfig()


def build_config(value):
    return BuildConfig({key: build_config(item) for key, item in value.items()}) if isinstance(value, dict) else value


def call_method(code, packages, inputs, method, first, *rest):
    """What a method makes of its first argument: `changed`, `raised` or `beyond`; null where the class does not define it."""
    tree = parsed(code)
    target = component_class(tree, code)
    [*_, function] = [None, *(node for node in target.body if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name == method)]
    if function is None:
        return json.dumps(None)
    changed = build_config(first)
    try:
        Runner(names_of(tree, target, packages, inputs)).call(function, [changed, *rest])
        return json.dumps({"changed": refuse_unknown(changed, method)})
    except CannotTell as limit:
        return json.dumps({"beyond": str(limit)})
    except Exception as error:
        return json.dumps({"raised": str(error)})


def dependencies_of(code, packages):
    return json.dumps(dependencies(ast.parse(code), packages))
