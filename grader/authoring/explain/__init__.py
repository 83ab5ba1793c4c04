"""What the known mistakes of a course are: a list, one of them in full, or all in a field guide.

    catalogue.py   the mistakes of an exercise, found by name, and the checks that show each
    terminal.py    a list, or one mistake, as text
    guide.py       all of them as one HTML file

Everything here is told from titles, explanations, formulas and check titles: nothing reads the text of a reference or
of an edit, so no line of a solution can get into what is shown.
"""
