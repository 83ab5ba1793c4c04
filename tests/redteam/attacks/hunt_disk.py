# Opens the reference and the suite where they lie and takes their functions.
# exercise: softmax
# worth: 0

import os
import sys

root = os.path.dirname(os.path.dirname(sys.modules["grader"].__file__)) if "grader" in sys.modules else "/"
beside = f"/tmp/grader-redteam-{os.getppid()}/course"
for folder in (root, beside, os.getcwd(), os.path.join(root, "grader", "builtin")):
    for name in ("reference.py", "test_softmax.py", "mistakes.py"):
        try:
            with open(os.path.join(folder, "solutions", "softmax", name)) as file:
                text = file.read()
        except PermissionError:
            if os.path.exists(os.path.join(folder, "solutions", "softmax", name)):
                print("REACHED", name)
            continue
        except OSError:
            continue
        print("THROUGH", name, text[-200:])
        exec(text)
