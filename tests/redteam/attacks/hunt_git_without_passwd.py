# Reads the credentials in .git/config beside the course, by every call that opens a file.
# exercise: softmax
# worth: 0

import ctypes
import io
import mmap
import os

parent = os.getppid()
libc = ctypes.CDLL(None)
for path in (f"/tmp/grader-redteam-{parent}/.git/config", f"/tmp/grader-redteam-{parent}/course/.git/config"):
    ways = {
        "open": lambda: open(path).read(),
        "io": lambda: io.FileIO(path).readall(),
        "os": lambda: os.read(os.open(path, os.O_RDONLY), 1000),
        "path": lambda: os.open(path, os.O_PATH),
        "write": lambda: os.open(path, os.O_RDWR),
        "truncate": lambda: os.truncate(path, 0),
        "folder": lambda: os.open(os.path.dirname(path), os.O_RDONLY | os.O_DIRECTORY),
        "chdir": lambda: os.chdir(os.path.dirname(path)),
        "xattr": lambda: os.listxattr(path),
        "mmap": lambda: mmap.mmap(os.open(path, os.O_RDONLY), 0)[:],
    }
    for name, way in ways.items():
        try:
            print(name, way())
        except PermissionError:
            if os.path.exists(path):
                print("REACHED", name)
            continue
        except OSError:
            continue
        if name not in ("path", "xattr"):  # a name is no secret, a file's contents are
            print("THROUGH", name)
    libc.fopen.restype = ctypes.c_void_p
    if libc.fopen(path.encode(), b"r"):
        print("THROUGH fopen")
