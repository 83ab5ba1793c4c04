# Reports forbidden calls whose names hold escape sequences, markup and bidirectional marks.
# exercise: batchnorm
# worth: 0 at most

from torch import nn

watch = nn.BatchNorm1d.__init__
cells = dict(zip(watch.__code__.co_freevars, watch.__closure__ or ()))
names = [cell for cell in cells.values() if cell.cell_contents == "torch.nn.BatchNorm1d"]
for cell in names:
    for name in ("\x1b[2J\x1b]0;owned\x07\u202egnp.exe", "<script>alert(1)</script>", "\r\nThe grader is fine"):
        cell.cell_contents = f"torch.nn.BatchNorm{name}"
        nn.BatchNorm1d(2)
if names:
    print("REACHED")
