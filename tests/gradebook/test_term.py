"""A term of twelve weeks and 120 students, from the downloads to the last point.

The story says of each hand-in how much later than its due date it is on the clock on the wall, and what each check of
it got. What follows is worked out here from the story alone, by the rules of the documentation and with no code of the
grader's; and everybody has a state in every week. Results are stored as a run stores them: nothing is run.
"""

import hashlib
import json
import random
import time
import zipfile
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from fractions import Fraction as F
from functools import cache
from math import ceil
from zoneinfo import ZoneInfo

from grader.gradebook.assignment.grades import in_force, score, taken_in
from grader.gradebook.assignment.stored import Applied, assignments, set_assignments
from grader.gradebook.decisions import OVERRIDE, UNDO, Entry, ids_of
from grader.gradebook.roster import merge
from grader.gradebook.roster_import import read_roster
from grader.gradebook.store import Attempt, Gradebook, Key
from grader.grading.hand_ins import find, note
from grader.result import CheckResult, Result
from grader.submissions.discovery import Asked

ZONE = ZoneInfo("Europe/Berlin")
DAY, HOUR = 24 * 60, 60  # minutes
CHECKS = {"test_values": 10, "test_axis[0]": 15, "test_axis[1]": 15, "test_gradient": 60}
TOPICS = ("relu", "sigmoid", "tanh")
GIVEN = ["Ann", "Bo", "Çağla", "Dörte", "Émile", "Fatma", "Gül", "Hans", "Íris", "Jürgen", "Łukasz", "Núria"]
FAMILY = ["Aydın", "Brandt", "Çelik", "Dubois", "Ek", "Fu", "García López", "Horváth", "Ng", "van der Berg"]
SHARES = [F(0), F(1, 3), F(1, 2), F(2, 3), F(1)]
IN_TIME = (-5000, -300, -1)
LATE = (5, 14, 16, 90, 600, DAY - 1, DAY + 5, DAY + 60, 2 * DAY - 30, 2 * DAY + 14, 3 * DAY + 60, 9 * DAY)
NOT_GRADED = ("Report.docx", "{}.py.txt", "{}")  # what nobody can grade; {} stands for the week's first exercise


@dataclass(frozen=True)
class Person:
    number: int
    name: str
    section: str
    team: str

    @property
    def mail(self):
        return f"s{self.number:03}@uni.edu"

    @property
    def login(self):
        return f"gh{self.number * 7919 % 1000:03}x"


CLASS = [
    Person(i, name, f"Lab {'ABC'[i % 3]}", f"Team {i // 3:02}")
    for i in range(120)
    for name in ["Wei Li" if i in (40, 77) else f"{GIVEN[i % 12]} {FAMILY[i // 12]}"]
]


@dataclass
class Hand:
    """What somebody handed in for an exercise at one time."""

    late: int  # minutes after the due date of the class
    shares: tuple[F, ...]  # of the points of each check
    download: int


@dataclass
class Week:
    """The rules of a week, and what came in."""

    text: str  # of the file
    due: datetime = datetime(2026, 1, 1)
    letter: str = ""
    worth: tuple[int, ...] = (1, 1, 1)
    total: int = 100
    rate: int = 0  # percent, or points
    by_points: bool = False
    of_score: bool = False
    per: int = DAY
    grace: int = 0
    cap: int = 100
    cutoff: int = 1000 * DAY
    days: int = 0
    counts: str = "newest"
    drop: int = 0
    decimals: int = 2
    system: str = "moodle"
    weights: dict[str, int] = field(default_factory=dict)  # of the checks of the first exercise
    moved: dict[int, int] = field(default_factory=dict)  # person → minutes that the due date is later
    exempt: set[tuple[int, int]] = field(default_factory=set)  # (person, place of the exercise)
    hands: dict[tuple[object, int], list[Hand]] = field(default_factory=dict)  # by (person or team, place)
    bad: dict[int, str] = field(default_factory=dict)  # person → file

    @property
    def exercises(self):
        return [f"{topic}_{self.letter}" for topic in TOPICS]

    def of(self, person, place):
        return self.hands.get((person.team if self.system == "teams" else person.number, place), [])


POOL = 'days = 3\npool = "term"\n'
WEEKS = [
    Week(f'[late]\npercent = 10\ngrace = "15 minutes"\n{POOL}[exercises.relu_a]\npoints = 10\n[exercises.sigmoid_a]\n'
         "points = 30\n[exercises.tanh_a]\npoints = 60",
         worth=(10, 30, 60), rate=10, grace=15, days=3),
    Week(f'total = 20\ncounts = "best"\n[late]\npercent = 10\nof = "score"\ncap = 25\n{POOL}[exercises.relu_b]\n'
         "weight = 1\n[exercises.sigmoid_b]\nweight = 1\n[exercises.tanh_b]\nweight = 2\n"
         '[[extensions]]\nsections = ["Lab B"]\nby = "1 day"',
         worth=(1, 1, 2), total=20, rate=10, of_score=True, cap=25, days=3, counts="best",
         moved={each.number: DAY for each in CLASS if each.section == "Lab B"}),
    Week('exercises = ["relu_c", "sigmoid_c", "tanh_c"]\ncounts = "newest-before-due"\n'
         f'[late]\npercent = 7\ncutoff = "3 days"\n{POOL}',
         rate=7, cutoff=3 * DAY, days=3, counts="newest-before-due"),
    Week('exercises = ["relu_d", "sigmoid_d", "tanh_d"]\ntotal = 30\n[late]\npercent = 50',
         total=30, rate=50, system="github"),
    Week(f'exercises = ["relu_e", "sigmoid_e", "tanh_e"]\ntotal = 90\n[late]\npoints = 5\n{POOL}'
         '[[extensions]]\ngroups = ["Team 07"]\nby = "2 days"\nreason = "a member was ill"',
         total=90, rate=5, by_points=True, days=3, system="teams", moved=dict.fromkeys((21, 22, 23), 2 * DAY)),
    Week('drop_lowest = 1\nexercises = ["relu_f", "sigmoid_f", "tanh_f"]\n'
         '[late]\npercent = 2\nper = "hour"\ncap = 40\ngrace = "10 minutes"\n[[exemptions]]\n'
         f'students = ["s004@uni.edu", "{CLASS[5].name}", "{CLASS[6].login}"]\nexercises = ["tanh_f"]\n'
         '[[exemptions]]\nstudents = ["s007@uni.edu"]',
         drop=1, rate=2, per=HOUR, cap=40, grace=10, exempt={(4, 2), (5, 2), (6, 2), (7, 0), (7, 1), (7, 2)}),
    Week('exercises = ["relu_g", "sigmoid_g", "tanh_g"]\n[late]\npercent = 20\ncutoff = "5 days"\n'  # summer time ends
         '[[extensions]]\nstudents = ["s030@uni.edu", "s031@uni.edu"]\nby = "2 days"',
         rate=20, cutoff=5 * DAY, moved={30: 2 * DAY, 31: 2 * DAY}),
    Week('exercises = ["relu_h", "sigmoid_h", "tanh_h"]', system="canvas"),
    Week('exercises = ["relu_i", "sigmoid_i", "tanh_i"]\nunit = "percent"\nround = 1', decimals=1),
    Week("[late]\npercent = 10\n[exercises.relu_j]\npoints = 50\n[exercises.relu_j.checks]\ntest_axis = 0\n"
         "test_gradient = 5\n[exercises.sigmoid_j]\npoints = 25\n[exercises.tanh_j]\npoints = 25",
         worth=(50, 25, 25), rate=10, weights={"test_axis": 0, "test_gradient": 5}),
    Week('exercises = ["relu_k", "sigmoid_k", "tanh_k"]\ntotal = 7\nround = 0', total=7, decimals=0),
    Week(f'drop_lowest = 1\ncounts = "best"\n[late]\npercent = 30\n{POOL}[exercises.relu_l]\nweight = 1\n'
         "[exercises.sigmoid_l]\nweight = 2\n[exercises.tanh_l]\nweight = 3",
         worth=(1, 2, 3), rate=30, days=3, counts="best", drop=1),
]  # fmt: skip


def tell(chance):
    """What everybody does in each week."""
    for number, week in enumerate(WEEKS):
        week.due = datetime(2026, 9, 11, 23, 59, 0) + timedelta(weeks=number)
        week.letter = "abcdefghijkl"[number]
        whose = sorted({each.team for each in CLASS}) if week.system == "teams" else [each.number for each in CLASS]
        for who in whose:
            habit = chance.random()
            if who in (12, 13) or (habit < 0.05 and week.system == "moodle" and who not in (40, 77)):
                if week.system == "moodle":
                    week.bad[who] = NOT_GRADED[number % 3].format(week.exercises[0])
                continue
            if habit < 0.1:
                continue
            for place in range(3):
                times = sorted(chance.sample(IN_TIME + LATE, 2)) if habit > 0.7 else [chance.choice(IN_TIME)]
                hands = [Hand(late, tuple(chance.choices(SHARES, k=4)), i) for i, late in enumerate(times)]
                if chance.random() < 0.93:
                    week.hands[who, place] = hands


@cache
def share(number, place, shares):
    week = WEEKS[number]
    got = worth = F(0)
    for (check, own), part in zip(CHECKS.items(), shares, strict=True):
        name = check.partition("[")[0]
        points = F(own)
        if place == 0 and name in week.weights:
            points = F(week.weights[name], 2 if name == "test_axis" else 1)
        got, worth = got + points * part, worth + points
    return got / worth


def after(week, value, worth, late, days):
    """`value` of `worth` points, so many minutes after one's own due date, with so many late days used up."""
    if week.system in ("github", "canvas") or late <= week.grace:
        return value
    if late > week.cutoff:
        return F(0)
    rest = late - days * DAY
    if rest <= week.grace:
        return value
    lost = ceil(F(rest, week.per)) * F(week.rate)
    if not week.by_points:
        lost = min(lost, week.cap) * (value if week.of_score else worth) / 100
    return max(F(0), value - lost)


class Term:
    """The right grades, from the story."""

    def __init__(self):
        self.overrides = {}  # (person, week's number, place) → share of the exercise
        self.checks = {}  # the same → (place of the check, share)

    def mark(self, number, person, place, days, now):
        """(state, points)."""
        week = WEEKS[number]
        worth = F(week.worth[place] * week.total, sum(week.worth))
        key = person.number, number, place
        hands = week.of(person, place)
        if (person.number, place) in week.exempt:
            return "exempt", None
        if not hands:
            if key in self.overrides:
                return "graded", self.overrides[key] * worth
            if person.number in week.bad:
                name = week.bad[person.number]
                if name == "Report.docx" or place == 0:
                    return "not graded", None
            ahead = now <= week.due + timedelta(minutes=week.moved.get(person.number, 0))
            return ("not due", None) if ahead else ("missing", F(0))
        tried = []
        for hand in hands[:1] if key in self.overrides else hands:  # a newer one changes nothing
            late = hand.late - week.moved.get(person.number, 0)
            shares = list(hand.shares)
            if key in self.checks and hand is hands[-1]:
                which, given = self.checks[key]
                shares[which] = given
            value = self.overrides.get(key, share(number, place, tuple(shares))) * worth
            tried.append((after(week, value, worth, late, days), late - days * DAY <= week.grace))
        if week.counts == "best":
            return "graded", max(points for points, _ in tried)
        in_time = [points for points, is_in_time in tried if is_in_time]
        chosen = in_time if week.counts == "newest-before-due" and in_time else [points for points, _ in tried]
        return "graded", chosen[-1]

    def marks(self, number, person, left, now):
        """Of the exercises of a week, all due at once; and the late days that are used up."""
        week = WEEKS[number]
        lateness = [
            hand.late - week.moved.get(person.number, 0)
            for place in range(3)
            for hand in week.of(person, place)
            if (person.number, place) not in week.exempt
        ]
        most = min(left if week.days else 0, max([0, *(ceil(F(late, DAY)) for late in lateness)]))
        ways = [[self.mark(number, person, place, days, now) for place in range(3)] for days in range(most + 1)]
        sums = [sum(points or 0 for _, points in way) for way in ways]
        days = sums.index(max(sums))
        return ways[days], days

    def totals(self, upto, now):
        """(week, mail) → (total, the states of the exercises)."""
        made = {}
        for person in CLASS:
            left = 3
            for number in range(upto):
                week = WEEKS[number]
                marks, days = self.marks(number, person, left, now)
                left -= days
                worths = [F(each * week.total, sum(week.worth)) for each in week.worth]
                counted = [(m[1], w) for m, w in zip(marks, worths, strict=True) if m[0] not in ("exempt", "not due")]
                by_share = sorted((c for c in counted if c[0] is not None), key=lambda c: (c[0] / c[1], -c[1]))
                for low in by_share[: min(week.drop, max(0, len(counted) - 1))]:
                    counted.remove(low)
                total = None
                if counted and all(points is not None for points, _ in counted):
                    exact = sum(points for points, _ in counted) / sum(w for _, w in counted) * week.total
                    unit = 10**week.decimals
                    total = float(F((exact * unit * 2 + 1) // 2, unit))
                made[number, person.mail] = total, [state for state, _ in marks]
        return made


class Course:
    """The gradebook, filled week by week as runs fill it."""

    def __init__(self, folder, book):
        self.folder, self.book = folder, book
        self.stored = set()
        self.names = [f"{topic}_{letter}" for letter in "abcdefghijkl" for topic in TOPICS]

    def roster(self, text):
        file = self.folder / "list.csv"
        file.write_text(text, encoding="utf-8")
        merged, _, _ = merge(self.book.roster(), read_roster(file))
        self.book.set_roster(merged)

    def download(self, number, which):
        """As the system makes it, with the newest file of everybody and exercise so far."""
        week = WEEKS[number]
        path = self.folder / f"week{number + 1}" / f"{week.system}{which}.zip"
        path.parent.mkdir(exist_ok=True)
        with zipfile.ZipFile(path, "w") as archive:

            def write(name, text, late):
                moment = (week.due + timedelta(minutes=late)).replace(tzinfo=ZONE).timestamp()
                archive.writestr(zipfile.ZipInfo(name, time.localtime(moment)[:6]), text)

            for (who, place), hands in week.hands.items():
                here = [hand for hand in hands if hand.download <= which]
                if here:
                    text = f"# {week.letter} {place} {who} {here[-1].download}: {' '.join(map(str, here[-1].shares))}\n"
                    write(self.path(number, who, week.exercises[place], here[-1]), text, here[-1].late)
            for who, name in week.bad.items():
                write(self.path(number, who, name, None), "Dear all", -10)
        return path

    def path(self, number, who, file, hand):
        week, name = WEEKS[number], file if hand is None else f"{file}.py"
        if week.system == "teams":
            return f"{who}_{number * 1000 + int(who[5:])}_assignsubmission_file_/{name}"
        person = CLASS[who]
        if week.system == "moodle":
            return f"{person.name}_{self.moodle(number, person)}_assignsubmission_file_/{name}"
        if week.system == "github":
            return f"week-submissions/week-{person.login}/{name}"
        given, _, family = person.name.partition(" ")
        glued = "".join(filter(str.isalnum, family + given)).lower()
        late = "_LATE" if hand.late > 0 else ""
        return f"{glued}{late}_{4000 + who}_{hand.download * 10_000 + who * 3 + 50_000}_{name}"

    @staticmethod
    def moodle(number, person):
        return number * 1000 + (person.number * 7 + number) % 120

    def grade(self, number, which, suite="s1"):
        asked = Asked(None, None, zone=ZONE)
        found = note(self.book, [find(self.download(number, which), self.names, self.book, asked)])
        now = time.time()
        for each in found:
            source = each.read()
            digest = hashlib.sha256(source).hexdigest()
            when = each.submitted, each.number, each.dated
            self.book.hand_in([Attempt(each.student, each.exercise, digest, each.name, each.path, *when)], 1, now)
            shares = [F(part) for part in source.decode().partition(": ")[2].split()]
            if suite == "broken":
                shares[0] = F(0)
            if (digest, suite) not in self.stored:
                self.store(each.student, each.exercise, digest, shares, suite)
            self.stored.add((digest, suite))

    def store(self, student, exercise, digest, shares, suite):
        checks = tuple(
            CheckResult(id, id, "passed" if part == 1 else "failed", round(float(part * worth), 6), worth)
            for (id, worth), part in zip(CHECKS.items(), shares, strict=True)
        )
        points = round(float(sum(part * worth for part, worth in zip(shares, CHECKS.values(), strict=True))), 6)
        result = Result(exercise, "x.py", "graded", points, 1, checks=checks, max_score=100.0)
        key = Key(student, exercise, digest, suite, 1, "10 s", "{}")
        self.book.add(key, "graded", points, 100.0, json.dumps(result.to_json()), "")

    def assign(self, number):
        week = WEEKS[number]
        head, mark, tables = week.text.partition("\n[") if not week.text.startswith("[") else ("", "[", week.text[1:])
        text = (
            f'title = "Week {number + 1}"\nzone = "Europe/Berlin"\ndue = {week.due.isoformat()}\n{head}{mark}{tables}'
        )
        path = self.folder / f"week{number + 1}" / "assignment.toml"
        set_assignments(self.book, taken_in(assignments(self.book), Applied(str(path), text), is_named=True))

    def decide(self, who, exercise, points, out_of=100.0, check="", undoes=0):
        people = self.book.people()
        grade = next((each for each in self.book.grades([who]) if each.exercise == exercise), None)
        kind = UNDO if undoes else OVERRIDE
        bound = ids_of(who, people, grade.handed_in_as if grade else "")
        digest = grade.source_digest if grade else ""
        given = (None, None) if undoes else (points, out_of)
        return self.book.write_entry(
            Entry(kind, bound, who, exercise, "See me.", "M. Meyer", time.time(), check, *given, digest, undoes=undoes)
        )

    def differences(self, term, upto, now):
        """Between what the gradebook says of everybody and the story, in all weeks so far."""
        made = score(self.book, in_force(self.book), now.replace(tzinfo=ZONE).timestamp())
        assert [each.assignment.title for each in made] == [f"Week {number + 1}" for number in range(upto)]
        assert {*made[-1].standings} == {each.mail for each in CLASS}
        told = {
            (number, mail): (scores.total(mail), [mark.state for mark in standing.marks.values()])
            for number, scores in enumerate(made)
            for mail, standing in scores.standings.items()
        }
        return {key: (told[key], right) for key, right in term.totals(upto, now).items() if told[key] != right}

    def not_graded(self):
        """Whose file of which week is told as handed in and not graded."""
        return {
            (int(each.root.split("week")[-1].partition("/")[0]) - 1, each.student) for each in self.book.not_graded()
        }


def lists(course):
    """Rosters as systems write them: Classroom 50's, and a sheet of Canvas's."""
    rows = [(each, *each.name.partition(" ")[::2]) for each in CLASS]
    course.roster(
        "username,first_name,last_name,email,section,group\n"
        + "".join(
            f"{each.login},{given},{family},{each.mail},{each.section},{each.team}\n" for each, given, family in rows
        )
    )
    course.roster(
        "Student,ID,SIS User ID,SIS Login ID,Section\n    Points Possible,,,,\n"
        + "".join(f'"{family}, {given}",{4000 + each.number},,{each.mail},\n' for each, given, family in rows)
    )


def test_a_term_comes_to_what_the_story_comes_to(tmp_path):
    tell(random.Random(2026))
    with Gradebook(tmp_path / "reports" / "gradebook.sqlite") as book:
        course, term = Course(tmp_path, book), Term()
        lists(course)
        for number, week in enumerate(WEEKS):
            now = week.due + timedelta(days=10)
            if week.system == "moodle":  # whose numbers are other ones each week
                course.roster(
                    "Identifier,Full name,Email address,Status,Grade,Maximum Grade\n"
                    + "".join(
                        f"Participant {course.moodle(number, each)},{each.name},{each.mail},,,\n" for each in CLASS
                    )
                )
            suite = "broken" if number == 8 else "s1"
            course.grade(number, 0, suite)
            course.assign(number)
            if number == 2:  # an override outlives the newer attempt, and is late as its own
                who = next(one for one in range(120) if len(week.hands.get((one, 1), ())) == 2)
                course.decide(CLASS[who].mail, "sigmoid_c", 80.0)
                term.overrides[who, 2, 1] = F(80, 100)
            course.grade(number, 1, suite)
            if number == 8:
                assert len(course.differences(term, 9, now)) > 60  # the suite is wrong, and is mended
                course.grade(number, 1, "fixed")
            if number == 9:  # a check that the assignment leaves out, and one that it weighs anew
                for place, check, which in ((0, "test_axis[1]", 2), (0, "test_gradient", 3)):
                    who = [one for one in range(120) if week.hands.get((one, place))][which]
                    course.decide(CLASS[who].mail, week.exercises[place], CHECKS[check] / 2, CHECKS[check], check)
                    term.checks[who, 9, place] = which, F(1, 2)
            if number in (2, 9):
                assert course.differences(term, number + 1, now) == {}
                assert course.not_graded() == {
                    (at, CLASS[who].mail) for at in range(number + 1) for who in WEEKS[at].bad
                }
        who = 12  # handed in nothing that can be graded in any week
        course.decide(CLASS[who].mail, "relu_k", 55.0)
        term.overrides[who, 10, 0] = F(55, 100)
        taken_back = course.decide(CLASS[who].mail, "relu_k", 100.0)
        course.decide(CLASS[who].mail, "relu_k", None, undoes=taken_back)
        assert course.differences(term, 12, WEEKS[10].due + timedelta(days=1)) == {}  # the last week is not due
        assert (10, CLASS[who].mail) not in course.not_graded()
