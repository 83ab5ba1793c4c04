# Breaks off in the middle of a text, with a hostile line for the message to quote.
# exercise: softmax
# worth: 0
# proof: unterminated string literal

def softmax(x):
    return "‮<script>alert(1)</script>[31m
