# Imports the grader, its course and its judge as packages, by every way that Python has.
# exercise: softmax
# worth: 0

import importlib
import importlib.metadata
import importlib.resources
import pkgutil
import runpy
import sys


def attempts():
    names = [
        "grader.grading.examiner",
        "grader.suite",
        "grader.suite.compare",
        "grader.diagnosis.diagnosis",
        "grader.course.course",
        "grader.cli.grade",
    ]
    names += [
        "grader.builtin.solutions.softmax.reference",
        "solutions.softmax.reference",
        "pytest",
        "_pytest",
        "pluggy",
    ]
    names += ["hypothesis", "conftest", "tests.redteam.test_redteam", "reference", "test_softmax"]
    for name in names:
        for act in (importlib.import_module, __import__, runpy.run_module, pkgutil.resolve_name):
            sys.modules.pop(name, None)
            yield f"{act.__name__} {name}", lambda act=act, name=name: act(name)
    for name in ("dl-grader", "pytest"):
        yield f"files of {name}", lambda name=name: [file.read_text() for file in importlib.metadata.files(name)]
    yield "resources", lambda: importlib.resources.files("grader").joinpath("grading.py").read_text()
    yield "data", lambda: pkgutil.get_data("grader", "grading.py")


refused = []
for what, attempt in attempts():
    try:
        found = attempt()
    except (ImportError, OSError):
        refused.append(what)
        continue
    except BaseException:
        continue
    if found is not None:
        print("THROUGH", what, str(found)[:300])
if len(refused) > 40:
    print("REACHED", len(refused))
