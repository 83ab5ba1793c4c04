# Reads the files with secrets in the temporary and in the home folder, whose names it knows, and raises them.
# exercise: softmax
# worth: 0

import os

parent = os.getppid()
for path in (
    f"/tmp/grader-redteam-{parent}/secret.txt",
    f"/root/.grader-redteam-{parent}",
    f"{os.path.expanduser('~')}/.grader-redteam-{parent}",
):
    try:
        with open(path) as file:
            secret = file.read()
    except OSError as error:
        if isinstance(error, PermissionError) and os.path.exists(path):
            print("REACHED")
        continue
    print("THROUGH", secret)
    raise ValueError(secret)
