"""The course check tells one fault in one line."""

from grader.authoring.check import check_exercise
from grader.course.course import Course


def findings(course, hosts, seeds=(0, 1)):
    exercise = Course(course.root).exercise("double")
    return check_exercise(exercise, hosts, seeds)


def test_what_several_mistakes_and_seeds_have_in_common_is_one_line(tiny_course, hosts):
    path = tiny_course.root / "solutions" / "double" / "mistakes.py"
    text = path.read_text()
    path.write_text(text.replace("x * x", "y * x").replace("3 * x", "3 * y"))
    assert findings(tiny_course, hosts) == [
        "an edit does not run: NameError: name 'y' is not defined (mistake squared, tripled)"
    ]
    path.write_text(text.replace("3 * x", "2 * x + 0"))
    assert findings(tiny_course, hosts) == ["mistake tripled loses no points whatever the seed"]
    path.write_text(text.replace('replace("return 2 * x"', 'replace("return 2 @ x"'))
    (finding,) = findings(tiny_course, hosts)
    assert finding.startswith("'return 2 @ x' is not in the reference; the nearest line is 'return 2 * x'")
    assert finding.endswith("(mistake squared, tripled, in_place)")


def test_a_reference_that_fails_says_with_which_seeds(tiny_course, hosts):
    path = tiny_course.root / "solutions" / "double" / "test_double.py"
    path.write_text(path.read_text().replace("x / 2)", "x / (2 if x[0] > 0 else 3))"))
    found = [each for each in findings(tiny_course, hosts, range(6)) if each.startswith("the reference")]
    assert len(found) == 1
    assert found[0].startswith("the reference cannot be graded with seeds 0, 1: test_halve: ")
