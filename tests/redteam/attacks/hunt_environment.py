# Looks for secrets in the environment, by Python and by the C library.
# exercise: softmax
# worth: 0

import ctypes
import os

found = dict(os.environ)
table = ctypes.POINTER(ctypes.c_char_p).in_dll(ctypes.CDLL(None), "environ")
index = 0
while table[index]:
    key, _, value = table[index].decode().partition("=")
    found[key] = value
    index += 1
for key, value in found.items():
    if any(word in key + value for word in ("SECRET", "TOKEN", "KEY", "plugh", "GRADER", "CI")):
        print("THROUGH", key, value)
if index and found:
    print("REACHED", index)
print(found)
raise RuntimeError(str(found))
