"""Mutants are small, all different, and a weak suite lets some pass."""

from grader.authoring.mutation import Mutant, covers, mutants, try_suite
from grader.grading.examiner import Examiner

SOURCE = '''
"""Docstring."""

def f(x, axis=0):
    """Docstring."""
    if x.ndim != 1 and axis:
        raise ValueError(f"{x + 1}")
    return np.sum(x * 2.0, axis=axis, keepdims=True) - g(1, -x)
'''


def test_every_operator_has_its_mutant():
    became = {mutant.new[0] for mutant in mutants(SOURCE) if mutant.new}
    for line in [
        "def f(x, axis=1):",
        "if x.ndim == 1 and axis:",
        "if x.ndim != 1 or axis:",
        "if not (x.ndim != 1 and axis):",
        "return np.sum(x / 2.0, axis=axis, keepdims=True) - g(1, -x)",
        "return np.sum(x * 4.0, axis=axis, keepdims=True) - g(1, -x)",
        "return np.sum(x * 2.0, axis=-1, keepdims=True) - g(1, -x)",
        "return np.sum(x * 2.0, keepdims=True) - g(1, -x)",
        "return np.sum(x * 2.0, axis=axis, keepdims=False) - g(1, -x)",
        "return np.sum(x * 2.0, axis=axis, keepdims=True) + g(1, -x)",
        "return np.sum(x * 2.0, axis=axis, keepdims=True) - g(-x, 1)",
        "return np.sum(x * 2.0, axis=axis, keepdims=True) - g(1, +x)",
        "return (lambda it: it)(x * 2.0) - g(1, -x)",
    ]:
        assert line in became
    assert not any("ValueError" in line or "Docstring" in line for line in became)
    sources = [mutant.source for mutant in mutants(SOURCE)]
    assert len(sources) == len(set(sources))


def test_a_suite_is_measured_and_its_hole_found(tiny_course, hosts):
    report = try_suite(Examiner(tiny_course.exercise("double")), hosts.get(("numpy",)))
    assert report.killed > 3
    assert [mutant.new for mutant in report.survived] == [("if np.ndim(x) >= 2:",)] or report.survived == []
    suite = tiny_course.exercise("double").suite
    suite.write_text(suite.read_text().replace('agree("double", rng.normal(size=(2, 2, 2)))', "pass"))
    weaker = try_suite(Examiner(tiny_course.exercise("double")), hosts.get(("numpy",)))
    assert weaker.killed < report.killed
    assert weaker.strength < 100


def test_a_judged_mutant_counts_as_equivalent(tiny_course, hosts):
    suite = tiny_course.exercise("double").suite
    suite.write_text(suite.read_text().replace('agree("double", rng.normal(size=(2, 2, 2)))', "pass"))
    judged = tiny_course.root / "solutions" / "double" / "equivalent.toml"
    judged.write_text('[[equivalent]]\nfunction = "double"\nold = "if np.ndim(x) > 2:"\nreason = "not tested"\n')
    report = try_suite(Examiner(tiny_course.exercise("double")), hosts.get(("numpy",)))
    assert report.equivalent > 0
    assert not any("if np.ndim(x) > 2:" in mutant.old for mutant in report.survived)


def test_a_judgement_speaks_of_a_line_a_change_or_a_function():
    mutant = Mutant("f", "", ("a = 1",), ("a = 2",))
    assert covers({"old": "a = 1"}, mutant)
    assert covers({"function": "f"}, mutant)
    assert covers({"function": "f", "old": "a = 1", "new": "a = 2"}, mutant)
    assert not covers({"function": "g"}, mutant)
    assert not covers({"old": "a = 1", "new": "a = 3"}, mutant)
