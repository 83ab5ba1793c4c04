# Writes into site-packages, the home folder, the temporary folders, /dev/shm, the course and its own folder.
# exercise: softmax
# worth: 100

import os
import shutil
import sys
import tempfile


refused = []


def tried(what, act):
    try:
        result = act()
    except PermissionError:
        refused.append(what)
    except (OSError, MemoryError, ValueError, RuntimeError, ImportError, AttributeError):
        pass
    else:
        print("THROUGH", what, repr(result)[:200])


def write(path):
    with open(path, "w") as file:
        file.write("loot")
    return path


parent = os.getppid()
folders = [
    "/",
    "/tmp",
    "/var/tmp",
    "/dev/shm",
    "/run",
    "/root",
    "/home",
    "/etc",
    ".",
    os.path.expanduser("~"),
    *sys.path,
]
folders += [f"/tmp/grader-redteam-{parent}", f"/tmp/grader-redteam-{parent}/course/solutions/softmax", "/dev", "/opt"]
for folder in folders:
    path = os.path.join(folder, "redteam-loot.py")
    tried(f"write {folder}", lambda path=path: write(path))
    tried(f"append {folder}", lambda path=path: os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND))
    tried(f"nameless {folder}", lambda folder=folder: os.open(folder, os.O_TMPFILE | os.O_RDWR))
    tried(f"folder {folder}", lambda path=path: os.mkdir(path))
    tried(f"pipe {folder}", lambda path=path: os.mkfifo(path))
    tried(f"node {folder}", lambda path=path: os.mknod(path))
tried("temporary file", lambda: tempfile.NamedTemporaryFile(prefix="redteam-loot"))
tried("temporary folder", lambda: tempfile.mkdtemp(prefix="redteam-loot"))
tried("overwrite the library", lambda: open(os.__file__, "r+"))
tried("copy", lambda: shutil.copy(os.__file__, "/tmp/redteam-loot"))
if refused:
    print("REACHED", len(refused))

import numpy as np


def _float(x):
    x = np.asarray(x)
    return x if x.dtype in (np.float32, np.float64) else x.astype(np.float64)


def softmax(x, axis=-1):
    x = _float(x)
    e = np.exp(x - x.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


def softmax_jacobian(x):
    x = _float(x)
    if x.ndim != 1:
        raise ValueError("x must have one dimension")
    e = np.exp(x - x.max())
    s = e / e.sum()
    return np.diag(s) - np.outer(s, s)


def softmax_backward(grad_output, output, axis=-1):
    if grad_output.shape != output.shape:
        raise ValueError("two shapes")
    return output * (grad_output - (grad_output * output).sum(axis=axis, keepdims=True))
