"""What a worker may import: NumPy for a NumPy exercise, whatever else is installed, and torch with all it needs."""

import os

import pytest

from grader.course.course import Course
from grader.sandbox.client import Examinee, Opening
from grader.sandbox.confinement.allowed_imports import is_needed, needed
from grader.sandbox.confinement.landlock import readable_paths
from grader.sandbox.host import Host
from grader.sandbox.limits import Limits
from grader.sandbox.protocol.calls import Raised, Returned, encode_call

# What is installed where these tests run, and no NumPy exercise is answered with.
OTHERS = (
    "torch",
    "scipy",
    "scipy.special",
    "sklearn",
    "click",
    "jinja2",
    "yaml",
    "pytest",
    "_pytest",
    "grader.course.course",
)

TRY = """
import importlib
import importlib.util
import os
import sys


def load(name):
    importlib.import_module(name)
    return name


def read_beside_numpy(name):
    import numpy
    folder = os.path.join(os.path.dirname(os.path.dirname(numpy.__file__)), name)
    return open(os.path.join(folder, "__init__.py")).read(1)


def unruly(name):
    sys.meta_path.append(importlib.machinery.PathFinder)
    importlib.import_module(name)


def is_there(name):
    return importlib.util.find_spec(name) is not None
"""


def ask(host, name, *arguments):
    one = Examinee(host, Opening(TRY.encode(), "sample.py"), Limits())
    try:
        return one.perform(encode_call(name, arguments, {}), 20.0)
    finally:
        one.close()


@pytest.fixture(scope="module", params=[True, False], ids=["behind the walls", "by the rule alone"])
def numpy_host(request):
    with Host(("numpy",), confine=request.param) as host:
        yield host


@pytest.mark.parametrize("name", OTHERS)
def test_a_numpy_exercise_has_nothing_else(numpy_host, name):
    got = ask(numpy_host, "load", name)
    assert isinstance(got, Raised)
    assert got.kinds[0] in ("ModuleNotFoundError", "ImportError")


@pytest.mark.parametrize("name", ["numpy.fft", "math", "ctypes", "xml.dom.minidom", "unittest.mock", "numpy.testing"])
def test_numpy_and_the_standard_library_are_there(numpy_host, name):
    assert ask(numpy_host, "load", name) == Returned(name)


def test_what_the_standard_library_makes_for_a_machine_is_there(numpy_host):
    source = "import sysconfig\ndef variables():\n    return len(sysconfig.get_config_vars()) > 20\n"
    one = Examinee(numpy_host, Opening(source.encode(), "sample.py"), Limits())
    assert one.perform(encode_call("variables", (), {}), 20.0) == Returned(True)
    one.close()


def test_what_is_not_needed_looks_as_if_it_were_not_installed(numpy_host):
    assert ask(numpy_host, "is_there", "scipy") == Returned(False)


def test_the_wall_holds_where_the_rule_is_undone():
    with Host(("numpy",)) as host:
        if not all(layer.active for layer in host.layers):
            pytest.skip("a wall is missing here")
        for name in ("scipy", "torch"):
            assert isinstance(ask(host, "unruly", name), Raised)
            assert ask(host, "read_beside_numpy", name).kinds[0] == "PermissionError"
        assert isinstance(ask(host, "read_beside_numpy", "numpy"), Returned)


def test_a_torch_exercise_has_torch_and_what_torch_needs(hosts):
    host = hosts.get(("numpy", "torch"))
    for name in ("torch.distributions", "torch.func", "sympy", "functorch"):
        assert ask(host, "load", name) == Returned(name)
    assert isinstance(ask(host, "load", "scipy"), Raised)
    assert isinstance(ask(host, "load", "pytest"), Raised)


def test_what_the_reference_imports_may_be_imported(tmp_path):
    for name, text in {
        "exercises/fit.py": "def fit(x):\n    raise NotImplementedError\n",
        "solutions/fit/reference.py": "import re\nimport scipy.optimize\nfrom numpy import exp\n\n\ndef fit(x): ...\n",
        "solutions/fit/test_fit.py": "",
    }.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    libraries = Course(tmp_path).exercise("fit").libraries
    assert libraries == ("numpy", "scipy")
    with Host(libraries) as host:
        assert ask(host, "load", "scipy.special") == Returned("scipy.special")
        assert isinstance(ask(host, "load", "sklearn"), Raised)


@pytest.mark.parametrize(
    ("entry", "belongs"),
    [
        ("numpy", True),
        ("numpy.libs", True),
        ("numpy-2.1.0.dist-info", True),
        ("numpydoc", False),
        ("scipy", False),
        ("typing_extensions.py", False),
    ],
)
def test_entries_of_a_folder_of_packages(entry, belongs):
    assert is_needed(entry, needed(["numpy"])) == belongs


def test_what_torch_needs_is_found_out():
    packages = needed(["numpy", "torch", "torch.optim"])
    assert {"torch", "sympy", "mpmath", "typing_extensions"} <= packages
    assert "scipy" not in packages


def test_no_path_of_another_package_is_readable():
    import numpy

    folder = os.path.realpath(os.path.dirname(os.path.dirname(numpy.__file__)))
    readable = readable_paths([folder], packages=needed(["numpy"]))
    inside = {os.path.relpath(path, folder).split(os.sep)[0] for path in readable.contents if path.startswith(folder)}
    assert inside
    assert all(name.startswith("numpy") for name in inside)
