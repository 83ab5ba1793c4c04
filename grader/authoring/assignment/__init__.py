"""Assignment notebooks: what students fill in, made from the stubs and from nothing else.

statement.py    a stub's docstring → Markdown
cells.py        a stub → the cells of its section, with stable ids
nbgrader.py     what nbgrader wants to know of each cell
document.py     cells → the text of an .ipynb file
"""
