"""The worker: the only code of the grader that runs in a process with a student's code.

It imports the standard library, NumPy, torch, msgpack and, of the grader, this folder, `protocol` and `confinement`:
nothing that has ever held a suite, a reference or a verdict. tests/test_imports.py holds it to that.
"""
