# Computes for ever while it is imported.
# exercise: softmax
# worth: 0
# says: took longer

while True:
    pass
