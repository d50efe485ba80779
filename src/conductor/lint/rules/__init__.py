"""The rules: one file each, named as the rule, with its page and its examples.

A module's docstring is its page: a sentence, then paragraphs that begin with `Avoid:`, `Prefer:`
and `Why:`. It has a `CODE` that is never used again, `LEVELS` for local, global and library (`E`
error, `w` warning, `h` note, `-` off), the `FORMS` of file that it looks at, `GOOD` and `BAD`
examples that run as tests, and `check`. It may say that it is not `WAIVABLE`, and how it is fixed.
"""
