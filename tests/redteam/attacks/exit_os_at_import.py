# Ends the process at once while it is imported, with the status of success.
# exercise: softmax
# worth: 0
# says: could not be loaded

import os

os._exit(0)
