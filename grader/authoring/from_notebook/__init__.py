"""An instructor's notebook → an exercise: what students write, what they are given, what is asserted of it."""
