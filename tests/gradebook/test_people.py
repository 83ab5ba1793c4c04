"""One person is one row: by a roster, by ids, by a name where that is certain, and else nobody is taken for another."""

import pytest

from grader.gradebook.people import Handle, find_people
from grader.gradebook.roster import EMAIL, LOGIN, MOODLE, RosterError, agree, merge, person
from grader.gradebook.roster_import import read_roster

CLASSROOM50 = (
    "username,first_name,last_name,email,section,github_id\n"
    "annl,Ann,Lee,ann@uni.edu,A,11\nbek,Bo,Ek,bo@uni.edu,B,12\ncorr,Zoé,Orr,zoe@uni.edu,B,13\n"
)
CANVAS = (
    "Student,ID,SIS User ID,SIS Login ID,Section,HW (7)\n,,,,,Manual Posting\n    Points Possible,,,,,10\n"
    '"Lee, Ann",501,s1,ann@uni.edu,One,\n"Ek, Bo",502,s2,bo@uni.edu,One,\n"Student, Test",9,,x,One,\n'
)
MOODLE_FR = (
    "Identifiant,Nom complet,Adresse de courriel,Statut,Note,Note maximale,La note peut être modifiée\n"
    'Participant 1201,Ann Lee,ann@uni.edu,,,"20,00",Oui\nParticipant 1202,Bo Ek,bo@uni.edu,,,"20,00",Oui\n'
)
OWN = "\ufeffName;E-Mail;Group\nAnn Lee;ann@uni.edu;Group A\nBo Ek;bo@uni.edu;Group A\nCy Orr;;Group B\n"


@pytest.fixture
def roster(tmp_path):
    def read(*texts):
        people = []
        for text in texts:
            (tmp_path / "list.csv").write_text(text, encoding="utf-8")
            people, _, _ = merge(people, read_roster(tmp_path / "list.csv"))
        return people

    return read


def owners(roster, *handles, same=None):
    return find_people(roster, handles, same or {}).owners


def moodle(student, name, root="week1"):
    return Handle(student, name, root, "moodle", renumbered=True)


def test_a_list_is_read_whatever_made_it(roster):
    assert [(one.id, one.name, one.section) for one in roster(CLASSROOM50)] == [
        ("ann@uni.edu", "Ann Lee", "A"), ("bo@uni.edu", "Bo Ek", "B"), ("zoe@uni.edu", "Zoé Orr", "B"),
    ]  # fmt: skip
    assert [(one.id, one.name) for one in roster(CANVAS)] == [("ann@uni.edu", "Ann Lee"), ("bo@uni.edu", "Bo Ek")]
    assert [
        (MOODLE, number) in one.ids for one, number in zip(roster(MOODLE_FR), ("1201", "1202"), strict=True)
    ] == 2 * [True]
    assert [(one.id, one.team) for one in roster(OWN)] == [
        ("ann@uni.edu", "Group A"), ("bo@uni.edu", "Group A"), ("Cy Orr", "Group B"),
    ]  # fmt: skip


def test_several_lists_are_one_roster(roster):
    people = roster(CLASSROOM50, CANVAS, MOODLE_FR, MOODLE_FR.replace("Participant 1", "Participant 3"), OWN)
    ann = next(one for one in people if one.name == "Ann Lee")
    assert len(people) == 4
    assert {value for _, value in ann.ids} == {"annl", "ann@uni.edu", "11", "501", "s1", "1201", "3201"}
    assert (ann.section, ann.team) == ("One", "Group A")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("week,points\n1,2\n", "has no column for a name"),
        ("name\n", "names nobody"),
        ("", "is empty"),
        ('name\n"a', "quotes"),
    ],
)
def test_what_is_no_list_is_one_line(roster, text, message):
    with pytest.raises(RosterError, match=message):
        roster(text)


def test_two_namesakes_stay_two(roster):
    people = roster("name,username\nAnn Lee,ann1\nAnn Lee,ann2\n")
    assert [one.id for one in people] == ["ann1", "ann2"]
    found = owners(people, moodle("7", "Ann Lee"), Handle("ann2", "ann2", "hub", "classroom"))
    assert found == {"7": ("7",), "ann2": ("ann2",)}


def test_without_a_roster_a_name_in_several_downloads_is_one_person_and_that_is_said():
    people = find_people(
        [], [moodle("12", "Ann Lee"), moodle("90", "Ann Lee", "week2"), moodle("91", "Bo", "week2")], {}
    )
    assert people.owners == {"12": ("12",), "90": ("12",), "91": ("91",)}
    assert people.notes == [
        "Taken for one person each by the name, as the numbers are another download's: Ann Lee;"
        " `grader roster import FILE` says who is who."
    ]


def test_two_of_one_name_in_one_download_are_never_joined_by_name():
    handles = [moodle("12", "Ann Lee"), moodle("13", "Ann Lee"), moodle("90", "Ann Lee", "week2")]
    people = find_people([], handles, {})
    assert people.owners == {"12": ("12",), "13": ("13",), "90": ("90",)}
    assert "Several have one name" in people.notes[0]


def test_ids_that_are_a_persons_own_are_not_joined_by_name():
    handles = [Handle("501", "leeann", "week1", "canvas"), Handle("777", "leeann", "week2", "canvas")]
    assert owners([], *handles) == {"501": ("501",), "777": ("777",)}


def test_a_roster_knows_people_by_whatever_a_system_calls_them(roster):
    people = roster(CLASSROOM50, CANVAS, MOODLE_FR)
    handles = [
        moodle("1201", "Ann Lee"), moodle("5", "Lee, Ann", "week2"), Handle("501", "leeann", "week3", "canvas"),
        Handle("AnnL", "AnnL", "week4", "classroom"), Handle("ann@uni.edu", "ann", "week5", "folders"),
        Handle("ann_lee", "ann_lee", "week6", "flat"), Handle("s1", "s1", "week7", "blackboard"),
    ]  # fmt: skip
    assert set(owners(people, *handles).values()) == {("ann@uni.edu",)}
    assert owners(people, Handle("zoe orr", "zoe orr", "week1", "folders"))["zoe orr"] == ("zoe@uni.edu",)


def test_an_id_of_one_system_is_not_that_of_another(roster):
    people = roster(CANVAS, MOODLE_FR)
    assert owners(people, moodle("501", "Somebody Else"))["501"] == ("501",)
    assert owners(people, Handle("1201", "x", "week1", "canvas"))["1201"] == ("1201",)


def test_a_groups_number_is_no_participants(roster):
    people = roster(MOODLE_FR)
    found = find_people(people, [moodle("1201", "Group A")], {})
    assert (found.owners, found.strangers) == ({"1201": ("1201",)}, ["1201"])


def test_a_group_credits_its_members(roster):
    found = owners(roster(OWN), moodle("55", "Group A"), Handle("group-b", "group-b", "hub", "classroom"))
    assert found == {"55": ("ann@uni.edu", "bo@uni.edu"), "group-b": ("Cy Orr",)}
    found = owners(roster(OWN), moodle("8", "Group A-Ann Lee"), moodle("9", "Lab 3-Bo Ek"), moodle("7", "Jean-Ann Lee"))
    assert found == {"8": ("ann@uni.edu",), "9": ("bo@uni.edu",), "7": ("7",)}  # with what Moodle puts before the name


def test_a_name_is_not_enough_where_its_owner_is_there_too(roster):
    people = roster(MOODLE_FR)
    found = owners(people, moodle("1201", "Ann Lee"), moodle("999", "Ann Lee"))
    assert found == {"1201": ("ann@uni.edu",), "999": ("999",)}


def test_what_was_decided_by_hand_counts(roster):
    assert owners(roster(OWN), moodle("7", "A. L."), same={"7": "ann@uni.edu"}) == {"7": ("ann@uni.edu",)}


def test_ids_that_are_two_peoples_are_asked_about():
    ann, bo = person("Ann", [(LOGIN, "ann")]), person("Bo", [(EMAIL, "bo@uni.edu")])
    with pytest.raises(RosterError, match="Cy has ids of Ann and Bo: join them"):
        merge([ann, bo], [person("Cy", [(LOGIN, "ann"), (EMAIL, "bo@uni.edu")])])


@pytest.mark.parametrize(("one", "other", "same"), [
    ("Ann Lee", "Lee, Ann Marie", True), ("Zoé", "Zoe Orr", True), ("Group A", "Zed Un", False), ("", "Bo", True),
])  # fmt: skip
def test_names_agree_by_a_word(one, other, same):
    assert agree(one, other) is agree(other, one) is same
