# Computes for ever while it is imported.
# exercise: softmax
# worth: 0
# proof: could not be loaded: took longer

while True:
    pass
