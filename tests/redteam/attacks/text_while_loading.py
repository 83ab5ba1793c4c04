# Fails in a thousand lines of the file, each time with another hostile text.
# exercise: softmax
# worth: 0
# proof: <script>alert(1)</script>

import sys

print("\x1b[31m<script>alert(1)</script>\u202e" * 100)
sys.stderr.write("\x1b]0;owned\x07")
raise type("<script>\x1b[31m", (Exception,), {})("\u202e</ul><script>alert(1)</script>\x1b[2J")
raise type("\x9b31m", (BaseException,), {})("\x9b31m" * 100)
1 / 0
"\x1b[31m".encode("<script>\x1b")
int("\u202e<script>alert(1)</script>")
__import__("numpy.\u202e\x1b[31m")
