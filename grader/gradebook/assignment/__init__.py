"""An assignment: what exercises are worth together and until when. Scores follow from stored results.

`settings` is what a file says, `reading` how it is read, `lateness` what a date costs, `scoring` what a student has,
`grades` the class, `changes` what is otherwise than it was. Nothing here runs or reads a submission.

All sums are fractions. `rounding` is the one place where a number of the gradebook becomes one and is rounded again.
"""
