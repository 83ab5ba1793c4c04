"""The same code answers the same as a script, which is run as a whole, and as a notebook, of which only what is needed
is run."""

import ast
import warnings

import pytest

from grader.sandbox.worker.loading import load
from grader.sandbox.worker.notebook import define, needed

PROGRAMS = {
    "for fills a table": ["T = {}\nfor name in 'ab':\n    T[name] = name * 2", "def f(): return T['a']"],
    "for makes a name": ["for SIZE in range(3): pass", "def f(): return SIZE"],
    "for makes nested names": ["for i, (a, *b) in [(1, (2, 3, 4))]: pass", "def f(): return i, a, b"],
    "while": ["n = 0\nwhile n < 5:\n    n += 1", "def f(): return n"],
    "with binds": ["import io\nwith io.StringIO('text') as file:\n    TEXT = file.read()", "def f(): return TEXT"],
    "with several": ["import contextlib as c\nwith c.nullcontext((1, 2)) as (a, b): pass", "def f(): return a + b"],
    "match": [
        "match {'kind': 1, 'more': 2}:\n    case {'kind': k, **rest}:\n        got = k",
        "def f(): return got, k, rest",
    ],
    "try": ["try:\n    import nothing_like_it as lib\nexcept ImportError as e:\n    lib = None", "def f(): return lib"],
    "if": ["if True:\n    def g(): return 1\nelse:\n    def g(): return 2", "def f(): return g()"],
    "walrus": ["print(N := 7)", "def f(): return N"],
    "walrus in a comprehension": ["squares = [last := i * i for i in range(4)]", "def f(): return last, squares"],
    "nested unpacking": ["(a, (b, *c)), d = (1, (2, 3)), 4", "def f(): return a, b, c, d"],
    "chain": ["a = b = c = [1]\nb.append(2)", "def f(): return c"],
    "annotated": ["n: int\nn: int = 3\nn += 1", "def f(): return n"],
    "del": ["a = 1\nb = a\ndel a", "def f(): return b, 'a' in globals()"],
    "del of a helper": [
        "def g(): return 1",
        "def f():\n    try:\n        return g()\n    except NameError:\n        return 0",
        "del g",
    ],
    "update": ["T = {'a': 1}", "T.update(b=2)", "def f(): return T"],
    "append": ["L = []", "L.append(1)\nL.extend([2])\nL += [3]\nL[0] = 5", "def f(): return L"],
    "through another name": ["L = []\nM = L", "M.append(1)", "def f(): return L"],
    "through a loop over names": ["A, B = [], []\nfor each in (A, B):\n    each.append(1)", "def f(): return A, B"],
    "through what holds it": ["A = []\nD = {'a': A}\nD['a'].append(3)", "def f(): return A"],
    "setattr": ["class C: pass", "def g(self): return 3", "setattr(C, 'g', g)", "def f(): return C().g()"],
    "attribute": ["class C: pass", "C.g = lambda self: 3", "def f(): return C().g()"],
    "class over cells": [
        "class C:\n    def a(self): return 1",
        "class C(C):\n    def b(self): return self.a() + 1",
        "def f(): return C().b()",
    ],
    "decorator that adds to a class": [
        "def add(cls):\n    def wrapper(g):\n        setattr(cls, g.__name__, g)\n        return g\n    return wrapper",
        "class C: pass",
        "@add(C)\ndef go(self): return helper()",
        "def helper(): return 4",
        "def f(): return C().go()",
    ],
    "decorator by annotation": [
        "def patch(g):\n    c = next(iter(g.__annotations__.values()))\n    setattr(c, g.__name__, g)",
        "class C: pass",
        "@patch\ndef go(self: C): return 5",
        "def f(): return C().go()",
    ],
    "decorator that registers": [
        "R = {}\ndef register(g):\n    R[g.__name__] = g\n    return g",
        "@register\ndef square(x): return x * x",
        "def f(): return R['square'](3)",
    ],
    "decorator with arguments that registers": [
        "R = {}\ndef register(key):\n    def inner(g):\n        R[key] = g\n        return g\n    return inner",
        "@register('s')\ndef square(x): return x * x",
        "def f(): return R['s'](3)",
    ],
    "method of a class as a decorator": [
        "class R:\n    known = {}\n    @classmethod\n    def add(cls, g):\n        cls.known[g.__name__] = g",
        "@R.add\ndef square(x): return x * x",
        "def f(): return R.known['square'](3)",
    ],
    "subclasses that register": [
        "class B:\n    known = {}\n    def __init_subclass__(cls): B.known[cls.__name__] = cls",
        "class D(B): x = 1",
        "def f(): return B.known['D'].x",
    ],
    "single dispatch": [
        "import functools\n@functools.singledispatch\ndef g(x): return 0",
        "@g.register\ndef _(x: int): return 1",
        "def f(): return g(2), g('')",
    ],
    "function that changes a global name": [
        "N = 0\ndef count():\n    global N\n    N += 1",
        "count()\ncount()",
        "def f(): return N",
    ],
    "function that changes its argument": ["def grow(x): x.append(1)", "L = []\ngrow(L)", "def f(): return L"],
    "by way of two functions": [
        "def inner(y): y['k'] = 1",
        "def outer(x): inner(y=x)",
        "D = {}\nouter(D)",
        "def f(): return D",
    ],
    "library that changes": ["import random, heapq", "H = [3, 1, 2]\nheapq.heapify(H)", "def f(): return H"],
    "a generator is used": ["G = iter('abc')\nfirst = next(G)", "def f(): return first, list(G)"],
    "a value as it was then": ["A = 1\nB = A + 1", "A = 10", "def f(): return A, B"],
    "what a call used then": [
        "SIZE = 2\ndef make(): return [0] * SIZE",
        "W = make()",
        "SIZE = 5",
        "def f(): return W, SIZE",
    ],
    "wrapped": ["def f(): return 1", "def wrap(g): return lambda: g() + 1", "f = wrap(f)", "f = wrap(f)"],
    "the last one wins": ["def f(): return 1", "def f(): return 2"],
    "conditional redefinition": ["def f(): return 1", "if 0:\n    def f(): return 2"],
    "globals()": ["globals()['X'] = 4\nglobals().update(Y=5)", "def f(): return X, Y"],
    "through globals()": ["X = 3\nfor i in range(2): Z = i", "def f(): return globals()['X'], eval('Z')"],
    "exec": ["exec('X = 5')", "def f(): return X"],
    "star": ["from math import *", "def f(): return floor(pi)"],
    "future annotations": ["from __future__ import annotations", "def g(x: Nowhere): return 1", "def f(): return g(0)"],
    "default argument": ["D = 3", "def f(x=D): return x", "D = 4"],
    "class body": ["K = 2", "class C:\n    x = K\n    y = [K for _ in range(K)]", "K = 3", "def f(): return C.x, C.y"],
    "lambda": ["A = 2", "g = lambda x: x * A", "A = 3", "def f(): return g(2)"],
    "dataclass": [
        "from dataclasses import dataclass, field",
        "@dataclass\nclass P:\n    x: int = 3",
        "def f(): return P().x",
    ],
    "enum and namedtuple": [
        "import enum, collections",
        "class E(enum.Enum):\n    A = 1\nT = collections.namedtuple('T', 'a b')",
        "def f(): return E.A.value, T(1, 2).b",
    ],
    "main": ["if __name__ == '__main__':\n    N = 1", "def f(): return 'N' in globals()"],
    "a demo that fails": ["def f(): return 1", "x = f().y\nf.z.w = 3", "raise SystemExit"],
    "recursion": ["def f(n=3): return n and n + g(n - 1)\ndef g(n): return f(n)"],
    "async": [
        "async def g(): return 3",
        "def f():\n    try:\n        g().send(None)\n    except StopIteration as e:\n        return e.value",
    ],
    "settings": ["import random", "random.seed(3)", "def f(): return random.random()"],
    "f-string": ["D = {'a': 1}\nS = f\"{D['a']!r:>4}{chr(10)}\"", "def f(): return S"],
    "list of parameters": [
        "class P:\n    def zero_(self): self.v = 0\np = P(); p.v = 3\nps = [p]",
        "for q in ps:\n    q.zero_()",
        "def f(): return p.v",
    ],
    "strange spaces": ["\tif 1:\r\n\t\tX = 1\r\n", "\x0cY = 2", "\ufeffdef f():\r\treturn X + Y"],
}


@pytest.fixture(autouse=True)
def _warnings_as_before(monkeypatch):
    monkeypatch.setattr("warnings.formatwarning", warnings.formatwarning)


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_script_and_a_notebook_answer_the_same(name):
    cells = [cell.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff") for cell in PROGRAMS[name]]
    script = "\n".join(
        cells if name != "strange spaces" else [cells[0].replace("\t", "", 1).replace("\n\t\t", "\n\t"), *cells[1:]]
    )
    expected = load(script.encode(), "same.py")[0].f()
    starts, lines = [], []
    for cell in PROGRAMS[name]:
        lines.append("# cell")
        starts.append(len(lines) + 1)
        lines += cell.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    part, _, _ = load("\n".join(lines).encode(), "same.ipynb", starts, ["f"])
    assert part.f() == expected


NETWORK = "import lib\nclass Net: pass\ndef train_step(model, x):\n    model.train()\n    return lib.step(model, x)"
DEVICE = "device = lib.device('cuda' if lib.available() else 'cpu')\nBATCH = 32"


@pytest.mark.parametrize(
    "demo",
    [
        "model = Net()\nfor epoch in range(10**9):\n    train_step(model, epoch)",
        "model = Net().to(device)\nfor x, y in loader:\n    x = x.to(device)\n    loss = train_step(model, x)",
        "losses = [train_step(Net(), x) for x in range(BATCH)]",
        "while True:\n    pass",
        "print(train_step(Net(), 1)); print(device, BATCH)",
        "import matplotlib.pyplot as plt\nplt.plot(train_step(Net(), 1))\nplt.show()",
        "assert train_step(Net(), 1) is not None",
        "with lib.no_grad():\n    for i in range(BATCH): predict(Net(), i)",
        "try:\n    data = lib.download()\nexcept OSError:\n    data = None",
        "lib.check(train_step(Net(), 1))",
        "if __name__ == '__main__':\n    main()",
        "x = input('how many? ')",
        "model.eval(); model.load(device)",
    ],
)
def test_demos_are_in_nobody_s_way(demo):
    cells = [NETWORK, DEVICE, demo, "def predict(model, x): return lib.run(model, x, BATCH, device)", demo]
    found = define([line for cell in cells for line in ast.parse(cell).body])
    run = [ast.unparse(one.statement) for one in needed(found, ["Net", "train_step", "predict"])]
    assert run == [ast.unparse(line) for cell in (NETWORK, DEVICE, cells[3]) for line in ast.parse(cell).body]
