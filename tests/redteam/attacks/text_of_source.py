# Holds markup, escape sequences, bidirectional marks and odd line ends in its own source, which the report shows.
# exercise: softmax
# worth: 0

# </li></ol><script>alert(1)</script> ‮ gnp.exe ⁦ [31m  ​  end
text = "</code><img src=x onerror=alert(1)>{{ 7 * 7 }}{% raw %}"
identifier＿ªº = "‮"
def attack(): raise ValueError("</script>")
if identifier_ao == "\u202e":
    print("REACHED")
