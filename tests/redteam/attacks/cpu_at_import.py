# Computes for ever while it is imported.
# exercise: softmax
# worth: 0
# proof: was left out, as it took longer

while True:
    pass
