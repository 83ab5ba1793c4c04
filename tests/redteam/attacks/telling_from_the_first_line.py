# Tells remarks without end from its first line on, so that there are too many before the worker's first word is read.
# exercise: softmax
# worth: 0
# proof: called what is not allowed without end

import _thread
import os


def run():
    while True:
        os.write(63, b"?1 a\n" * 4000)


for _ in range(2):
    _thread.start_new_thread(run, ())
run()
