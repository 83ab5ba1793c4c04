# Says that `__main__` is missing, a name by which the judge could look for a library and stumble.
# exercise: softmax
# worth: 0
# says: No module named '__main__'

try:
    raise ImportError("No module named '__main__'")
except ImportError as error:
    if str(error) == "No module named '__main__'":
        print("REACHED")
    raise
