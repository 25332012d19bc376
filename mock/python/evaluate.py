"""Evaluates the plain part of Python: constants, collections, operators, conditions, and the methods of text, lists and
dictionaries. What lies beyond it would need the code to be run: it raises CannotTell."""

import ast
import builtins
import operator
import re

FUNCTIONS = {f.__name__: f for f in (all, any, bool, dict, enumerate, float, int, len, list, max, min, set, sorted, str, sum, tuple, zip)}
METHODS = {
    str: {"capitalize", "endswith", "join", "lower", "replace", "split", "startswith", "strip", "title", "upper"},
    list: {"append", "clear", "copy", "count", "extend", "index", "insert", "pop", "remove", "reverse"},
    dict: {"clear", "copy", "get", "items", "keys", "pop", "setdefault", "update", "values"},
}
BINARY = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Div: operator.truediv, ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod, ast.Mult: operator.mul, ast.BitOr: operator.or_, ast.BitAnd: operator.and_,
}  # fmt: skip
COMPARE = {
    ast.Eq: operator.eq, ast.NotEq: operator.ne, ast.Lt: operator.lt, ast.LtE: operator.le, ast.Gt: operator.gt, ast.GtE: operator.ge,
    ast.Is: operator.is_, ast.IsNot: operator.is_not, ast.In: lambda a, b: a in b, ast.NotIn: lambda a, b: a not in b,
}  # fmt: skip
UNARY = {ast.Not: operator.not_, ast.USub: operator.neg, ast.UAdd: operator.pos}
# Enough for any component that people write; what needs more is not evaluated.
MOST_STEPS = 10_000
MOST_ITEMS = 10_000
MOST_DIGITS = re.compile(r"\d{4}")


class CannotTell(Exception):
    """What only running the code could tell."""


class Unknown:
    """Something that exists, and that nothing more is known of."""

    def __init__(self, name):
        self.name = name


class Kind:
    """A class whose instances are known by what they were made with."""

    def __init__(self, name):
        self.name = name


class Evaluator:
    def __init__(self, names, steps=None):
        self.names = names
        self.steps = steps or [MOST_STEPS]

    def value(self, node):
        """The value of an expression. Errors are those that Python would raise."""
        visit = getattr(self, f"of_{type(node).__name__}", None)
        if visit is None or self.spent():
            raise self.cannot(node)
        return self.small(visit(node), node)

    def spent(self):
        self.steps[0] -= 1
        return self.steps[0] < 0

    def small(self, value, node):
        grown = len(value) > MOST_ITEMS if hasattr(value, "__len__") else isinstance(value, int) and abs(value) > 10**18
        if grown and not isinstance(node, (ast.Constant, ast.Name, ast.Subscript, ast.Attribute)):
            raise self.cannot(node)
        return value

    def plain(self, node):
        """A value that is not just known to exist."""
        value = self.value(node)
        if isinstance(value, (Unknown, Kind)):
            raise self.cannot(node)
        return value

    def cannot(self, node):
        return CannotTell(f"line {getattr(node, 'lineno', '?')}: {ast.unparse(node)[:80]}")

    def of_Constant(self, node):
        return node.value

    def of_Name(self, node):
        if node.id in self.names:
            return self.names[node.id]
        if node.id in FUNCTIONS:
            return FUNCTIONS[node.id]
        if hasattr(builtins, node.id):
            return Unknown(node.id)
        raise NameError(f"name {node.id!r} is not defined")

    def of_List(self, node):
        return list(self.items(node.elts))

    def of_Tuple(self, node):
        return tuple(self.items(node.elts))

    def of_Set(self, node):
        return set(self.items(node.elts))

    def items(self, nodes):
        for node in nodes:
            if isinstance(node, ast.Starred):
                yield from self.plain(node.value)
            else:
                yield self.value(node)

    def of_Dict(self, node):
        made = {}
        for key, value in zip(node.keys, node.values):
            if key is None:
                made.update(self.plain(value))
            else:
                made[self.plain(key)] = self.value(value)
        return made

    def of_JoinedStr(self, node):
        return "".join(self.plain(part) for part in node.values)

    def of_FormattedValue(self, node):
        value = self.plain(node.value)
        shown = {-1: value, 115: str(value), 114: repr(value), 97: ascii(value)}[node.conversion]
        specification = self.plain(node.format_spec) if node.format_spec else ""
        if MOST_DIGITS.search(specification):
            raise self.cannot(node)
        return format(shown, specification)

    def of_BinOp(self, node):
        left, right = self.plain(node.left), self.plain(node.right)
        apply = BINARY.get(type(node.op))
        repeats = isinstance(node.op, ast.Mult) and any(isinstance(side, (str, list, tuple)) for side in (left, right))
        if apply is None or repeats or (isinstance(node.op, ast.Mod) and isinstance(left, str)):
            raise self.cannot(node)
        return apply(left, right)

    def of_UnaryOp(self, node):
        if type(node.op) not in UNARY:
            raise self.cannot(node)
        return UNARY[type(node.op)](self.plain(node.operand))

    def of_BoolOp(self, node):
        stop = isinstance(node.op, ast.Or)
        for operand in node.values:
            value = self.plain(operand)
            if bool(value) is stop:
                break
        return value

    def of_Compare(self, node):
        left = self.plain(node.left)
        for compare, operand in zip(node.ops, node.comparators):
            right = self.plain(operand)
            if not COMPARE[type(compare)](left, right):
                return False
            left = right
        return True

    def of_IfExp(self, node):
        return self.value(node.body if self.plain(node.test) else node.orelse)

    def of_Subscript(self, node):
        value = self.value(node.value)
        if isinstance(value, (Unknown, Kind)):
            return Unknown(ast.unparse(node))
        return value[self.plain(node.slice)]

    def of_Slice(self, node):
        return slice(*(part and self.plain(part) for part in (node.lower, node.upper, node.step)))

    def of_Attribute(self, node):
        value = self.value(node.value)
        if isinstance(value, (Unknown, Kind)):
            return Unknown(f"{value.name}.{node.attr}")
        for kind, methods in METHODS.items():
            if isinstance(value, kind) and node.attr in methods:
                return getattr(value, node.attr)
        if isinstance(value, dict) and "$kind" in value and node.attr in ("model_dump", "to_dict"):
            return value.copy
        if isinstance(value, dict) and node.attr in value:
            return value[node.attr]
        raise self.cannot(node)

    def of_ListComp(self, node):
        return list(self.comprehended(node))

    of_GeneratorExp = of_ListComp

    def comprehended(self, node):
        if len(node.generators) != 1 or node.generators[0].is_async:
            raise self.cannot(node)
        [loop] = node.generators
        inner = type(self)(dict(self.names), self.steps)
        for item in self.plain(loop.iter):
            inner.bind(loop.target, item)
            if all(inner.plain(condition) for condition in loop.ifs):
                yield inner.value(node.elt)

    def of_Lambda(self, node):
        return Unknown("lambda")

    def of_Call(self, node):
        function = self.value(node.func)
        args = list(self.items(node.args))
        named = {}
        for keyword in node.keywords:
            named.update({keyword.arg: self.value(keyword.value)} if keyword.arg else self.plain(keyword.value))
        if isinstance(function, Kind):
            if args:
                raise TypeError(f"BaseModel.__init__() takes 1 positional argument but {len(args) + 1} were given")
            return {"$kind": function.name, **named}
        if isinstance(function, Unknown):
            return self.unknown_call(node, function)
        if not callable(function) or any(isinstance(arg, (Unknown, Kind)) for arg in args):
            raise self.cannot(node)
        return function(*args, **named)

    def unknown_call(self, node, function):
        return Unknown(f"{function.name}()")

    def bind(self, target, value):
        if isinstance(target, ast.Name):
            self.names[target.id] = value
        elif isinstance(target, ast.Subscript):
            self.plain(target.value)[self.plain(target.slice)] = value
        elif isinstance(target, ast.Attribute) and isinstance(holder := self.plain(target.value), dict):
            holder[target.attr] = value
        elif isinstance(target, ast.Tuple):
            for part, item in zip(target.elts, value, strict=True):
                self.bind(part, item)
        else:
            raise self.cannot(target)


class Returned(Exception):
    def __init__(self, value):
        self.value = value


class Raised(Exception):
    """An exception that the code raises itself."""


class Runner(Evaluator):
    """Follows the statements of a method as far as they are plain."""

    def unknown_call(self, node, function):
        # Logging changes nothing; any other call might.
        if function.name.startswith(("logger.", "self.log", "print")):
            return None
        raise self.cannot(node)

    def call(self, function, args):
        """What a method answers to these arguments."""
        names = [arg.arg for arg in function.args.args]
        self.names = {**self.names, **dict(zip(names, [Unknown("self"), *args]))}
        try:
            self.run(function.body)
        except Returned as answer:
            return answer.value
        return None

    def run(self, statements):
        for statement in statements:
            follow = getattr(self, f"do_{type(statement).__name__}", None)
            if follow is None or self.spent():
                raise self.cannot(statement)
            follow(statement)

    def do_Pass(self, statement):
        pass

    def do_Expr(self, statement):
        self.value(statement.value)

    def do_Assign(self, statement):
        value = self.value(statement.value)
        for target in statement.targets:
            self.bind(target, value)

    def do_AnnAssign(self, statement):
        if statement.value:
            self.bind(statement.target, self.value(statement.value))

    def do_AugAssign(self, statement):
        target = ast.parse(ast.unparse(statement.target), mode="eval").body
        self.bind(statement.target, self.of_BinOp(ast.copy_location(ast.BinOp(target, statement.op, statement.value), statement)))

    def do_Delete(self, statement):
        for target in statement.targets:
            if not isinstance(target, ast.Subscript):
                raise self.cannot(statement)
            del self.plain(target.value)[self.plain(target.slice)]

    def do_If(self, statement):
        self.run(statement.body if self.plain(statement.test) else statement.orelse)

    def do_For(self, statement):
        for item in list(self.plain(statement.iter)):
            self.bind(statement.target, item)
            self.run(statement.body)
        self.run(statement.orelse)

    def do_Return(self, statement):
        raise Returned(self.value(statement.value) if statement.value else None)

    def do_Raise(self, statement):
        made = statement.exc
        if not isinstance(made, ast.Call) or len(made.args) > 1 or made.keywords:
            raise self.cannot(statement)
        raise Raised(*(str(self.plain(arg)) for arg in made.args))
